import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { PresenceCopy, type Shown } from "./presence-copy.ts";
import type { LineClient, SimLine } from "./sim-line.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export type ProviderPorts = {
  clock: VirtualClock;
  /** Opens a socket to some node; null when the one it tried is not there. */
  dial(client: LineClient): SimLine | null;
  newClientId(): number;
};

export type ProviderListener = {
  /** The board is here. */
  online(): void;
  /** All that was sent over the present socket is on the server's disk. */
  saved(): void;
  /** The server has decided: it makes no sense to come back like this. */
  closed(code: number): void;
};

/** Milliseconds, as in y-websocket. */
const longestBackoff = 2_500;
const silentFor = 30_000;
const checkEvery = 3_000;

/**
 * The stock y-websocket provider on the virtual clock: what it sends, when it comes back and when it gives up, with
 * its habit of repeating what others show; and our count of saved frames, as in the client's board line.
 */
export class Provider {
  readonly doc: Y.Doc;
  readonly presence: PresenceCopy;
  synced = false;
  #line: SimLine | null = null;
  #connected = false;
  #should = false;
  #failures = 0;
  #heardAt = 0;
  #sent = 0;
  #destroyed = false;
  readonly #ports: ProviderPorts;
  readonly #listener: ProviderListener;

  constructor(ports: ProviderPorts, doc: Y.Doc, listener: ProviderListener) {
    this.doc = doc;
    this.presence = new PresenceCopy(doc.clientID, () => ports.clock.now);
    this.#ports = ports;
    this.#listener = listener;
    doc.on("update", this.#tell);
    this.#checkLater();
  }

  get line(): SimLine | null {
    return this.#line;
  }

  /** Milliseconds in which nothing was heard. */
  get silence(): number {
    return this.#ports.clock.now - this.#heardAt;
  }

  connect(): void {
    this.#should = true;
    if (this.#line === null) this.#dial();
  }

  disconnect(): void {
    this.#should = false;
    if (this.#connected) this.#sendPresence(this.presence.encodeLeaving());
    const line = this.#line;
    this.#lost();
    line?.close();
  }

  destroy(): void {
    this.disconnect();
    this.#destroyed = true;
    this.doc.off("update", this.#tell);
  }

  show(state: Shown | null): void {
    this.presence.show(state);
    this.#sendPresence(this.presence.encode([this.presence.clientId]));
  }

  readonly #tell = (update: Uint8Array): void => {
    if (this.#connected) this.#sendSync(syncMessage.update, update);
  };

  #dial(): void {
    if (!this.#should || this.#line !== null || this.#destroyed) return;
    this.#sent = 0;
    const mine = (run: (line: SimLine) => void) => () => {
      if (this.#line === line && line !== null) run(line);
    };
    const line: SimLine | null = this.#ports.dial({
      opened: () => mine(() => this.#opened())(),
      heard: (frame) => mine(() => this.#heard(frame))(),
      closed: (code) => mine(() => this.#closed(code))(),
    });
    this.#line = line;
    if (line === null) this.#comeBack();
  }

  #opened(): void {
    this.#connected = true;
    this.#heardAt = this.#ports.clock.now;
    this.#sendSync(syncMessage.stepOne, Y.encodeStateVector(this.doc));
    if (this.presence.own !== null) this.#sendPresence(this.presence.encode([this.presence.clientId]));
  }

  #heard(frame: Uint8Array): void {
    this.#heardAt = this.#ports.clock.now;
    const from = decoding.createDecoder(frame);
    switch (decoding.readVarUint(from)) {
      case yjsMessage.sync:
        this.#heardSync(decoding.readVarUint(from), decoding.readVarUint8Array(from));
        return;
      case yjsMessage.awareness: {
        const changed = this.presence.apply(decoding.readVarUint8Array(from));
        if (changed.length > 0) this.#sendPresence(this.presence.encode(changed));
        return;
      }
      case yjsMessage.saved: {
        const [, , messages] = [0, 0, 0].map(() => decoding.readVarUint(from));
        if (messages === this.#sent) this.#listener.saved();
      }
    }
  }

  #heardSync(kind: number, payload: Uint8Array): void {
    if (kind === syncMessage.stepOne) {
      this.#sendSync(syncMessage.stepTwo, Y.encodeStateAsUpdate(this.doc, payload));
      return;
    }
    const { clientID } = this.doc;
    // Yjs encodes what has changed for whoever listens, and what the server said is not told back to it.
    this.doc.off("update", this.#tell);
    Y.applyUpdate(this.doc, payload, this);
    if (!this.#destroyed) this.doc.on("update", this.#tell);
    // Yjs has found its client id in another's hands and taken a random one.
    if (this.doc.clientID !== clientID) this.doc.clientID = this.#ports.newClientId();
    if (kind !== syncMessage.stepTwo || this.synced) return;
    this.synced = true;
    this.#failures = 0;
    this.#listener.online();
  }

  #closed(code: number): void {
    this.#lost();
    if (code >= 4400 && code < 4500) {
      this.#should = false;
      this.#listener.closed(code);
    } else this.#comeBack();
  }

  #lost(): void {
    this.#line = null;
    this.#connected = false;
    this.synced = false;
    this.presence.forgetOthers();
  }

  #comeBack(): void {
    this.#failures++;
    this.#ports.clock.after(Math.min(2 ** this.#failures * 100, longestBackoff), () => this.#dial());
  }

  #checkLater(): void {
    this.#ports.clock.after(checkEvery, () => {
      if (this.#destroyed) return;
      const told = this.presence.check();
      if (told.length > 0) this.#sendPresence(this.presence.encode(told));
      if (this.#connected && this.silence > silentFor) {
        const line = this.#line;
        this.#lost();
        line?.close();
        this.#comeBack();
      }
      this.#checkLater();
    });
  }

  #sendSync(kind: number, payload: Uint8Array): void {
    if (kind !== syncMessage.stepOne) this.#sent++;
    this.#line?.send(frameOf([yjsMessage.sync, kind], payload));
  }

  #sendPresence(entries: Uint8Array): void {
    if (!this.#connected) return;
    this.#line?.send(frameOf([yjsMessage.awareness], entries));
  }
}

/** What lib0's encoder would write, whose buffers cost more than the writing. */
function frameOf(head: readonly number[], payload: Uint8Array): Uint8Array {
  const bytes: number[] = [...head];
  for (let left = payload.length; ; left >>>= 7) {
    bytes.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  const frame = new Uint8Array(bytes.length + payload.length);
  frame.set(bytes);
  frame.set(payload, bytes.length);
  return frame;
}
