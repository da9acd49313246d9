import type { WebSocket } from "ws";
import type { CloseName } from "../../shared/wire/close-codes.ts";
import { systemTimers, type Timers } from "../sync/timers.ts";

/** Bounds of what a node holds of WebSocket messages that are not all there yet. Sizes in bytes, times in milliseconds. */
export const unfinishedLimits = {
  /** Of all lines of one person, or one screen: a largest message over the worst of lines, or three over a good one. */
  ofPerson: 16 * 1024 * 1024,
  /** Of all lines of a node. Over it the person who holds most loses the line that holds most. */
  ofNode: 256 * 1024 * 1024,
  /** What a piece costs while it is held, beyond its own bytes: as much as was measured. */
  pieceBytes: 1024,
  /** Half of what a phone is left with when its allowance is used up, 128 kbit/s. */
  bytesPerSecond: 8 * 1024,
  /** For so long a message may stand still that was quick enough until then. */
  pauseMs: 30_000,
  checkEveryMs: 5_000,
};

/** What of `ws` is not public and stays as it is in the version that package.json pins; a test holds it to that. */
interface Receiver {
  _write(chunk: Buffer, encoding: string, done: () => void): void;
  /** 0 between two frames. */
  _state: number;
  /** What has come of the frame that is being read, and its pieces. */
  _bufferedBytes: number;
  _buffers: readonly unknown[];
  /** The kind of message that is being put together of several frames, 0 when there is none. */
  _fragmented: number;
  /** What has come of it in whole frames. Each message has an array of its own. */
  _messageLength: number;
  _fragments: readonly unknown[];
}

/** Whoever has had messages come in parts, and what of such messages is held of all their lines. */
interface Person {
  lines: number;
  held: number;
}

/** A WebSocket that has had a message come in parts. */
interface Line {
  webSocket: WebSocket;
  person: Person;
  end(name: CloseName): void;
  /** The message that is not all there yet, by its parts; null when there is none. */
  message: readonly unknown[] | null;
  bytes: number;
  /** Of `bytes`, those that were there at the last check. */
  checked: number;
  /** Bytes that it may still fall behind. */
  credit: number;
  held: number;
}

/**
 * The messages of which only a part has come, on all WebSockets of a node. `ws` counts a message when it is whole: until then
 * its sender could have it held for ever, outside every other bound.
 */
export class UnfinishedMessages {
  readonly #limits: typeof unfinishedLimits;
  readonly #timers: Timers;
  /** With an unfinished message, or with one at the last check: at each of many messages nothing is put in or taken out. */
  readonly #lines = new Set<Line>();
  readonly #people = new Map<string, Person>();
  #held = 0;
  #checking = false;

  constructor(limits: typeof unfinishedLimits = unfinishedLimits, timers: Timers = systemTimers) {
    this.#limits = limits;
    this.#timers = timers;
  }

  /** What is held now, bytes. */
  get held(): number {
    return this.#held;
  }

  /**
   * Watches a WebSocket from before its first byte until it is closed.
   * @param end ends it at once, for this reason
   */
  watch(webSocket: WebSocket, account: string, end: (name: CloseName) => void): void {
    const { _receiver: receiver } = webSocket as unknown as { _receiver: Receiver };
    const { _write: write } = receiver;
    let line: Line | null = null;
    // Every message comes this way: a look at three numbers, and nothing else unless something is left over.
    receiver._write = (chunk, encoding, done) => {
      write.call(receiver, chunk, encoding, done);
      if (receiver._bufferedBytes > 0 || receiver._state !== 0 || receiver._fragmented !== 0) {
        line ??= this.#lineOf(webSocket, account, end);
        this.#note(line, receiver);
      } else if (line !== null) this.#forget(line);
    };
  }

  #lineOf(webSocket: WebSocket, account: string, end: (name: CloseName) => void): Line {
    const person = this.#people.get(account) ?? { lines: 0, held: 0 };
    this.#people.set(account, person);
    person.lines++;
    const line: Line = { webSocket, person, end, message: null, bytes: 0, checked: 0, credit: 0, held: 0 };
    webSocket.once("close", () => {
      this.#forget(line);
      this.#lines.delete(line);
      if (--person.lines === 0) this.#people.delete(account);
    });
    return line;
  }

  #note(line: Line, { _fragments, _buffers, _messageLength, _bufferedBytes }: Receiver): void {
    const { ofPerson, ofNode, pieceBytes, bytesPerSecond, pauseMs } = this.#limits;
    const credit = (bytesPerSecond * pauseMs) / 1000;
    if (line.message !== _fragments) {
      line.message = _fragments;
      line.bytes = 0;
      line.checked = 0;
      line.credit = credit;
      this.#lines.add(line);
      this.#checkLater();
    }
    const bytes = _messageLength + _bufferedBytes;
    line.credit = Math.min(credit, line.credit + bytes - line.bytes);
    line.bytes = bytes;
    this.#hold(line, bytes + (_buffers.length + _fragments.length) * pieceBytes);
    if (line.person.held > ofPerson) this.#end(line, "rate-limited");
    while (this.#held > ofNode) this.#end(this.#largest(), "rate-limited");
  }

  #hold(line: Line, held: number): void {
    const more = held - line.held;
    line.held = held;
    line.person.held += more;
    this.#held += more;
  }

  #forget(line: Line): void {
    line.message = null;
    this.#hold(line, 0);
  }

  #end(line: Line, name: CloseName): void {
    this.#forget(line);
    line.end(name);
  }

  #largest(): Line {
    const most = <T extends { held: number }>(those: Iterable<T>): T =>
      [...those].reduce((first, second) => (second.held > first.held ? second : first));
    const person = most(this.#people.values());
    return most([...this.#lines].filter((line) => line.person === person));
  }

  #checkLater(): void {
    if (this.#checking) return;
    this.#checking = true;
    this.#timers.after(this.#limits.checkEveryMs, () => {
      this.#checking = false;
      for (const line of [...this.#lines]) {
        if (line.message === null) this.#lines.delete(line);
        else this.#check(line);
      }
      if (this.#lines.size > 0) this.#checkLater();
    });
  }

  /** Time is counted in checks and not by a clock: a node that stood still must not end those who waited for it. */
  #check(line: Line): void {
    const { bytesPerSecond, checkEveryMs } = this.#limits;
    const goesOn = line.bytes > line.checked;
    line.checked = line.bytes;
    line.credit -= (bytesPerSecond * checkEveryMs) / 1000;
    if (line.credit < 0) this.#end(line, "too-slow");
    // The pongs of whoever sends slowly stand behind the message: its parts are as good a sign of life.
    else if (goesOn) line.webSocket.emit("pong", Buffer.alloc(0));
  }
}
