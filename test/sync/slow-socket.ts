import type { WebSocket } from "ws";
import type { BoardSocket } from "../../server/sync/peer.ts";

/** A real socket whose reader the test slows down: it says how much is not read yet. */
export class SlowSocket implements BoardSocket {
  readonly #socket: WebSocket;
  unread = 0;
  constructor(socket: WebSocket) {
    this.#socket = socket;
  }
  get bufferedAmount(): number {
    return this.#socket.bufferedAmount + this.unread;
  }
  send(data: Uint8Array): void {
    this.#socket.send(data);
  }
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }
  terminate(): void {
    this.#socket.terminate();
  }
  ping(): void {
    this.#socket.ping();
  }
  on(event: string, listener: (...args: never[]) => void): unknown {
    return this.#socket.on(event, listener as (...args: unknown[]) => void);
  }
}
