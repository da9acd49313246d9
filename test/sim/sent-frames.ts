import * as decoding from "lib0/decoding";
import * as Y from "yjs";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import type { CommittedRow } from "./punctuality.ts";
import { bytesKey, type SimDisk } from "./sim-disk.ts";
import type { Witness } from "./witness.ts";

/** Frames that were found to be on the disk; one is sent to many, and what is there stays there. */
export type KnownDurable = WeakSet<object>;

/** Listens to one connection, both ways, and holds the server to what it says there. */
export class SentFrames {
  readonly boardId: string;
  readonly #disk: SimDisk;
  readonly #witness: Witness;
  readonly #known: KnownDurable;
  /** Whether the client answers as a provider does: only then is all it has sent in its next sync step 2. */
  readonly #isHonest: boolean;
  readonly #now: () => number;
  /** Sync steps 2 and updates the client has sent, as far as they have not been called saved. */
  readonly #sent: Uint8Array[] = [];
  #called = 0;
  /** What is on its way up: whether each frame asks for the board again. */
  readonly #underway: boolean[] = [];
  /** How often each update frame came since the client last asked for the board. */
  readonly #came = new Map<string, number>();
  /** All that an honest client has said of the board. */
  readonly #said: Uint8Array[] = [];
  /** When it was last sent what it lacked of the board; null before. */
  #toldAll: number | null = null;

  constructor(
    boardId: string,
    disk: SimDisk,
    witness: Witness,
    known: KnownDurable,
    isHonest: boolean,
    now: () => number,
  ) {
    this.#now = now;
    this.boardId = boardId;
    this.#disk = disk;
    this.#witness = witness;
    this.#known = known;
    this.#isHonest = isHonest;
  }

  /** The client sends. */
  up(frame: Uint8Array): void {
    this.#underway.push(frame[0] === yjsMessage.sync && frame[1] === syncMessage.stepOne);
    if (frame[0] !== yjsMessage.sync || frame[1] === syncMessage.stepOne) return;
    this.#sent.push(frame.subarray(2));
    // Attackers send what cannot be read.
    if (this.#isHonest) this.#said.push(payloadOf(frame));
  }

  /** The oldest frame on its way up is there. */
  arrived(): void {
    if (this.#underway.shift() === true) this.#came.clear();
  }

  /** The server sends; `shared` is the same object for every socket that gets the same bytes. */
  down(frame: Uint8Array, shared: object): void {
    this.#witness.note(frame[0] ?? 0, frame.length);
    if (frame[0] === yjsMessage.saved) this.#saved(frame);
    if (frame[0] !== yjsMessage.sync || frame[1] === syncMessage.stepOne) return;
    const update = payloadOf(frame);
    if (!this.#known.has(shared)) {
      const lack = this.#disk.lacks(this.boardId, update, true);
      if (lack === null) this.#known.add(shared);
      else this.#witness.fail("seen-before-durable", `${lack} of ${this.boardId} was sent`);
    }
    if (frame[1] === syncMessage.update) this.#once(update);
    else this.#toldAll = this.#now();
  }

  /** The client was sent the board. */
  get hasBoard(): boolean {
    return this.#toldAll !== null;
  }

  /** Whether the client has a row: it was sent, or all of the board since, or the client has said the same itself. */
  has({ key, update, at }: CommittedRow): boolean {
    if (this.#came.has(key) || (this.#toldAll ?? 0) >= at) return true;
    const without = this.#said.length > 0 ? Y.mergeUpdates(this.#said) : Uint8Array.of(0, 0);
    return bytesKey(Y.mergeUpdates([without, update])) === bytesKey(without);
  }

  /** The client cannot read what it was sent. */
  unreadable(error: unknown): void {
    this.#witness.fail("fault", `a client cannot read what it was sent: ${error}`);
  }

  /** As often as its bytes were committed, and not more: two people may delete the same thing at once. */
  #once(update: Uint8Array): void {
    const key = bytesKey(update);
    const committed = this.#disk.board(this.boardId).everRow.get(key);
    const came = (this.#came.get(key) ?? 0) + 1;
    this.#came.set(key, came);
    if (committed !== undefined && came > committed)
      this.#witness.fail("sent-twice", `a row of ${this.boardId} came ${came} times`);
  }

  #saved(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame.subarray(1));
    const [clientId = 0, clock = 0, messages = 0] = [0, 0, 0].map(() => decoding.readVarUint(decoder));
    const { records } = this.#disk.board(this.boardId);
    if (!records.some(({ doc }) => Y.getState(doc.store, clientId) >= clock))
      this.#witness.fail("acked-before-durable", `${clientId} was told of ${clock}`);
    for (; this.#called < messages; this.#called++) {
      const bytes = this.#sent.shift();
      if (bytes === undefined) {
        this.#witness.fail("acked-before-durable", "more was called saved than was sent");
        return;
      }
      const update = decoding.readVarUint8Array(decoding.createDecoder(bytes));
      const lack = this.#isHonest ? this.#disk.lacks(this.boardId, update) : null;
      if (lack !== null) this.#witness.fail("acked-before-durable", `${lack} was called saved`);
    }
  }
}

/** The update in a sync frame. */
const payloadOf = (frame: Uint8Array): Uint8Array =>
  decoding.readVarUint8Array(decoding.createDecoder(frame.subarray(2)));
