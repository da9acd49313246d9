import type { Socket } from "node:net";

/** ms in which every socket has one turn. */
const ROUND = 200;
/** A round is taken in parts, so that no turn holds up what this process sends. */
const PARTS = 40;

/**
 * Sockets that are read five times a second; in between the system holds what comes for them. For clients that nobody
 * watches: thousands that are read at once would hold up the sockets that are watched, and that would be measured.
 */
export class ReadTurns {
  readonly #parts = Array.from({ length: PARTS }, () => new Set<Socket>());
  #joined = 0;
  #part = 0;
  #timer: NodeJS.Timeout | undefined;

  add(socket: Socket): void {
    this.#parts[this.#joined++ % PARTS]?.add(socket);
    this.#timer ??= setInterval(() => this.#readNext(), ROUND / PARTS);
  }

  /** It is read at once from now on. */
  remove(socket: Socket): void {
    if (!this.#parts.some((part) => part.delete(socket))) return;
    socket.resume();
    if (this.#parts.every((part) => part.size === 0)) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #readNext(): void {
    this.#part = (this.#part + 1) % PARTS;
    for (const socket of this.#parts[this.#part] ?? []) socket.resume();
  }
}
