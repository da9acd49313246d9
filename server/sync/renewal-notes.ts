import type { StoredBoard } from "./ports.ts";

type Whole = { generation: number; seq: number; bytesLeft: number };

/** Boards remembered; of more, the oldest notes go, and what they said is found out again. */
const mostNotes = 10_000;

/** What a node remembers of its boards from one room to the next. */
export class RenewalNotes {
  /** Boards that must be renewed when they are loaded next, and their generation. */
  readonly #due = new Map<string, number>();
  /** Boards most of which is there, and after how many bytes more that may no longer be so. */
  readonly #whole = new Map<string, Whole>();

  /** A room ends so that its board is renewed while it is loaded for those who come back. */
  handOn(boardId: string, generation: number): void {
    keep(this.#due, boardId, generation);
  }

  /** Whether a board that is being loaded must be renewed. Asked once: whatever becomes of it, the next room will see. */
  takeOver(boardId: string, generation: number): boolean {
    const due = this.#due.get(boardId) === generation;
    this.#due.delete(boardId);
    return due;
  }

  /** A board of so many bytes is not mostly gone, and nobody looks again before it has taken half as many more. */
  foundWhole(boardId: string, { seq, generation }: StoredBoard, bytes: number): void {
    keep(this.#whole, boardId, { generation, seq, bytesLeft: bytes / 2 });
  }

  /** Whether it is known that most of a board is there. */
  isWhole(boardId: string, generation: number): boolean {
    const whole = this.#whole.get(boardId);
    return whole !== undefined && whole.generation === generation && whole.bytesLeft > 0;
  }

  /** A board is read: what other nodes have written meanwhile counts, or, when that cannot be seen, nothing is known. */
  loaded(boardId: string, { seq, generation, updates }: StoredBoard): void {
    const whole = this.#whole.get(boardId);
    if (whole === undefined) return;
    const missed = seq - whole.seq;
    if (whole.generation !== generation || missed < 0 || missed > updates.length) this.#whole.delete(boardId);
    else for (const { length } of updates.slice(updates.length - missed)) whole.bytesLeft -= length;
    whole.seq = seq;
  }

  /** One more row of an open board. */
  row(boardId: string, seq: number, bytes: number): void {
    const whole = this.#whole.get(boardId);
    if (whole === undefined || seq <= whole.seq) return;
    whole.seq = seq;
    whole.bytesLeft -= bytes;
  }
}

function keep<T>(notes: Map<string, T>, boardId: string, note: T): void {
  notes.delete(boardId);
  if (notes.size >= mostNotes) notes.delete(notes.keys().next().value ?? "");
  notes.set(boardId, note);
}
