import * as Y from "yjs";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import type { Fold } from "./fold.ts";
import type { BoardStore, StoredBoard } from "./ports.ts";
import type { RoomSettings } from "./settings.ts";

type CompactionPorts = {
  store: Pick<BoardStore, "load" | "saveSnapshot">;
  settings: RoomSettings;
  counters: SyncCounters;
  fold: Fold;
  report: (boardId: string, what: string, error: unknown) => void;
};

/** Reading a row takes as long as reading this much of a snapshot, in bytes: about 15 µs. */
const rowBytes = 100;

/**
 * Folds the log of one board into a snapshot when it has grown long. It runs beside the commits and delays none: the
 * snapshot is made of what the store has, and kept only when that reads as the document does, before and after.
 */
export class LogCompaction {
  readonly #boardId: string;
  readonly #ports: CompactionPorts;
  /** The sequence of the newest snapshot known, and its size. */
  #snapshotSeq = 0;
  #snapshotBytes = 0;
  /** Bytes of the log after it. */
  #bytes = 0;
  /** After a failure it waits until the log has grown as much again. */
  #attempts = 1;
  running = false;

  constructor(boardId: string, ports: CompactionPorts) {
    this.#boardId = boardId;
    this.#ports = ports;
  }

  loaded({ seq, updates, snapshot }: StoredBoard): void {
    this.#snapshotSeq = seq - updates.length;
    this.#bytes = sizeOf(updates);
    this.#snapshotBytes = snapshot?.length ?? 0;
  }

  /** One more row in the log. */
  note(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Only while the document holds nothing uncommitted; `seq` is its last commit. */
  runIfDue(document: BoardDocument, seq: number): void {
    if (this.running || !this.#isDue(seq)) return;
    this.running = true;
    const expected = Y.encodeSnapshot(Y.snapshot(document.doc));
    void this.#run(document.generation, seq, expected);
  }

  /** A large board, whose folding costs more, is folded when its log takes half as long to read as its snapshot. */
  #isDue(seq: number): boolean {
    const { compactRows, compactBytes } = this.#ports.settings;
    const rows = (seq - this.#snapshotSeq) / this.#attempts;
    const bytes = this.#bytes / this.#attempts;
    if (rows <= 0 || (rows < compactRows && bytes < compactBytes)) return false;
    return bytes + rows * rowBytes >= this.#snapshotBytes / 2;
  }

  async #run(generation: number, seq: number, expected: Uint8Array): Promise<void> {
    try {
      const stored = await this.#ports.store.load(this.#boardId);
      // A board that is gone or was made anew is about to be closed.
      if (stored === null || stored.generation !== generation) return;
      this.loaded(stored);
      // Another node may have folded it meanwhile.
      if (this.#isDue(seq)) await this.#fold(stored, seq, expected);
      this.#attempts = 1;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.running = false;
    }
  }

  async #fold({ snapshot, updates }: StoredBoard, seq: number, expected: Uint8Array): Promise<void> {
    const rows = updates.slice(0, seq - this.#snapshotSeq);
    const state = await this.#ports.fold(snapshot === null ? rows : [snapshot, ...rows], expected);
    if (state === null) throw new Error("the log does not read back as the board");
    await this.#ports.store.saveSnapshot(this.#boardId, seq, state);
    this.#snapshotSeq = seq;
    this.#snapshotBytes = state.length;
    this.#bytes -= sizeOf(rows);
    this.#ports.counters.compactions++;
  }

  #failed(error: unknown): void {
    this.#attempts++;
    this.#ports.counters.compactionFailures++;
    this.#ports.report(this.#boardId, "compaction", error);
  }
}

const sizeOf = (updates: readonly Uint8Array[]): number =>
  updates.reduce((sum, update) => sum + update.length, 0);
