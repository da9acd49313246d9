import type { SharedFrame } from "./frame.ts";
import { mergeAll } from "./merge-updates.ts";
import { asUpdate, sharedStepTwo } from "./protocol.ts";

/** Bytes of answers kept for one version of a board, beside the whole board: so many times its own, and at most. */
const keptShare = 4;
const keptLeast = 256 * 1024;
const keptMost = 8 * 1024 * 1024;
/** Bytes of updates kept behind the present, at least; for a large board a quarter of its size. */
const tailBytes = 64 * 1024;
/**
 * An answer larger than this, and than a quarter of the board, is the whole board: those bytes are there once, however
 * many wait to read them.
 */
const ownBytes = 64 * 1024;
/** State vectors of boards gone by that are still recognised. */
const knownVectors = 64;

/**
 * The same bytes as the last frame of an answer, and, when a tail follows, as the first; with what has come after it, as
 * far as somebody was sent that.
 */
type Base = {
  seq: number;
  stepTwo: SharedFrame;
  update: SharedFrame | null;
  later: { seq: number; update: Uint8Array } | null;
};

/** The committed document, as updates. */
export type ReplySource = {
  all(): Uint8Array;
  /** What a state vector lacks, and all deletions. */
  since(stateVector: Uint8Array): Uint8Array;
  /** All deletions and nothing else. */
  deletions(): Uint8Array;
};

/**
 * What clients that join are sent. Those who have nothing get the board as it was encoded once, and what came since;
 * those who have what the board had a moment ago get only that; whatever is worked out for one is kept for the rest
 * of a herd. An answer is a list of frames, the last of them a sync step 2.
 */
export class SyncReplies {
  /** Bytes of the board that were put together anew for answers, so far: what is at hand costs next to nothing. */
  encoded = 0;
  readonly #source: ReplySource;
  /** The whole board as it was at a sequence, encoded once. */
  #base: Base | null = null;
  /** How large the board was when it was last put together. */
  #baseBytes = 0;
  /** The updates after `#tailFrom`, without a hole. */
  #tail: { seq: number; update: Uint8Array }[] = [];
  #tailFrom: number;
  #tailBytes = 0;
  /** State vectors the board had, and a sequence at which it had them. */
  readonly #vectors = new Map<string, number>();
  /** Those of the present version; null until somebody needs them. */
  #deletions: Uint8Array | null = null;
  readonly #kept = new Map<string, SharedFrame[]>();
  #keptBytes = 0;

  /**
   * `snapshot` and `updates` are the board as the store has it: it can be handed out before there is a document.
   */
  constructor(snapshot: Uint8Array | null, updates: readonly Uint8Array[], seq: number, source: ReplySource) {
    this.#source = source;
    const from = seq - updates.length;
    this.#tailFrom = from;
    if (snapshot !== null) this.#setBase(snapshot, from);
    for (const [at, update] of updates.entries()) this.note(update, from + at + 1);
    // A board whose log was never folded: its rows together are all of it.
    if (snapshot === null && updates.length > 0) this.#setBase(mergeAll(updates), seq);
  }

  /** About how large the board is. */
  get bytes(): number {
    return this.#baseBytes + this.#tailBytes;
  }

  /** One more committed update; `seq` is one more than the last. */
  note(update: Uint8Array, seq: number): void {
    this.#forgetVersion();
    this.#tail.push({ seq, update });
    this.#tailBytes += update.length;
    const most = Math.max(tailBytes, this.#baseBytes / 4);
    if (this.#tailBytes > most) this.#shorten(most / 2);
    // The next who has nothing gets the whole board encoded anew, rather than an ever longer tail.
    if (this.#base !== null && this.#base.seq < this.#tailFrom) this.#base = null;
  }

  /** Drops the oldest rows of the tail, many at once: one by one would cost as much as the tail is long. */
  #shorten(to: number): void {
    let gone = 0;
    for (const { seq, update } of this.#tail) {
      if (this.#tailBytes <= to) break;
      this.#tailBytes -= update.length;
      this.#tailFrom = seq;
      gone++;
    }
    this.#tail.splice(0, gone);
  }

  /**
   * The board has this state vector now: who comes back with it has everything up to here but deletions, which leave
   * no mark in a vector and may have been lost on their way.
   */
  remember(stateVector: Uint8Array, seq: number): void {
    const key = keyOf(stateVector);
    if (this.#vectors.has(key)) return;
    if (this.#vectors.size >= knownVectors) this.#vectors.delete(this.#vectors.keys().next().value ?? "");
    this.#vectors.set(key, seq);
  }

  /** The answer for a client that has nothing, when it is at hand without the document; else null. */
  atHand(stateVector: Uint8Array): SharedFrame[] | null {
    return isEmpty(stateVector) && this.#base !== null ? this.reply(stateVector, this.#base.seq) : null;
  }

  /** The frames with what a client with this state vector lacks of the committed board, which is at `seq`. */
  reply(stateVector: Uint8Array, seq: number): SharedFrame[] {
    const key = keyOf(stateVector);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const frames = isEmpty(stateVector) ? this.#whole(seq) : this.#since(stateVector, key, seq);
    const bytes = key.length + (frames.at(-1)?.bytes.length ?? 0);
    const room = Math.min(keptMost, keptLeast + keptShare * this.bytes);
    if (this.#keptBytes + bytes > room) this.#forgetReplies();
    this.#kept.set(key, frames);
    this.#keptBytes += bytes;
    return frames;
  }

  #whole(seq: number): SharedFrame[] {
    const base = this.#base ?? this.#setBase(this.#encodedAnew(this.#source.all()), seq);
    const rows = this.#tailAfter(base.later?.seq ?? base.seq);
    if (base.later !== null) rows.unshift(base.later.update);
    if (rows.length === 0) return [base.stepTwo];
    base.later = { seq, update: mergeAll(rows) };
    base.update ??= asUpdate(base.stepTwo);
    return [base.update, sharedStepTwo(base.later.update)];
  }

  #tailAfter(seq: number): Uint8Array[] {
    return this.#tail.filter((row) => row.seq > seq).map(({ update }) => update);
  }

  /** Notes that something was encoded for which Yjs has gone through the whole document. */
  #encodedAnew(update: Uint8Array): Uint8Array {
    this.encoded += Math.max(update.length, this.bytes);
    return update;
  }

  #since(stateVector: Uint8Array, key: string, seq: number): SharedFrame[] {
    const had = this.#vectors.get(key);
    const update =
      had !== undefined && had >= this.#tailFrom
        ? mergeAll([...this.#tailAfter(had), this.#allDeletions()])
        : this.#encodedAnew(this.#source.since(stateVector));
    if (update.length > ownBytes) {
      const whole = this.#whole(seq);
      const bytes = whole.reduce((sum, frame) => sum + frame.bytes.length, 0);
      if (update.length * 4 > bytes) return whole;
    }
    return [sharedStepTwo(update)];
  }

  #allDeletions(): Uint8Array {
    this.#deletions ??= this.#source.deletions();
    return this.#deletions;
  }

  #setBase(update: Uint8Array, seq: number): Base {
    this.#base = { seq, stepTwo: sharedStepTwo(update), update: null, later: null };
    this.#baseBytes = update.length;
    return this.#base;
  }

  #forgetVersion(): void {
    this.#deletions = null;
    this.#forgetReplies();
  }

  #forgetReplies(): void {
    if (this.#kept.size === 0) return;
    this.#kept.clear();
    this.#keptBytes = 0;
  }
}

const keyOf = (stateVector: Uint8Array): string => Buffer.from(stateVector).toString("latin1");

const isEmpty = (stateVector: Uint8Array): boolean => stateVector.length === 1 && stateVector[0] === 0;
