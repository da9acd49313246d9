import * as Y from "yjs";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import type { BoardStore, StoredBoard } from "./ports.ts";
import type { RoomSettings } from "./settings.ts";
import type { SnapshotCheck } from "./snapshot-check.ts";

type CompactionPorts = {
  store: Pick<BoardStore, "saveSnapshot">;
  settings: RoomSettings;
  counters: SyncCounters;
  check: SnapshotCheck;
  report: (boardId: string, what: string, error: unknown) => void;
};

/** Reading a row takes as long as reading this much of a snapshot, in bytes: about 15 µs. */
const rowBytes = 100;

/**
 * Folds the log of one board into a snapshot when it has grown long. It runs between two commits and never
 * delays one; a snapshot that does not read back as the same document is not kept.
 */
export class LogCompaction {
  readonly #boardId: string;
  readonly #ports: CompactionPorts;
  #rows = 0;
  #bytes = 0;
  #snapshotBytes = 0;
  /** After a failure it waits until the log has grown as much again. */
  #attempts = 1;
  running = false;

  constructor(boardId: string, ports: CompactionPorts) {
    this.#boardId = boardId;
    this.#ports = ports;
  }

  loaded(stored: StoredBoard): void {
    this.#rows = stored.updates.length;
    this.#bytes = stored.updates.reduce((sum, update) => sum + update.length, 0);
    this.#snapshotBytes = stored.snapshot?.length ?? 0;
  }

  /** One more row in the log. */
  note(bytes: number): void {
    this.#rows++;
    this.#bytes += bytes;
  }

  /** Only while the document holds nothing uncommitted; `seq` is its last commit. */
  runIfDue(document: BoardDocument, seq: number): void {
    if (this.running || !this.#isDue()) return;
    this.running = true;
    const state = Y.encodeStateAsUpdate(document.doc);
    const expected = Y.encodeSnapshot(Y.snapshot(document.doc));
    void this.#save(seq, state, expected, this.#rows, this.#bytes);
  }

  /** A large board, whose folding costs more, is folded when its log takes half as long to read as its snapshot. */
  #isDue(): boolean {
    const { compactRows, compactBytes } = this.#ports.settings;
    const [rows, bytes] = [this.#rows / this.#attempts, this.#bytes / this.#attempts];
    if (rows < compactRows && bytes < compactBytes) return false;
    return bytes + rows * rowBytes >= this.#snapshotBytes / 2;
  }

  async #save(
    seq: number,
    state: Uint8Array,
    expected: Uint8Array,
    rows: number,
    bytes: number,
  ): Promise<void> {
    try {
      if (!(await this.#ports.check(state, expected))) throw new Error("the snapshot does not read back");
      await this.#ports.store.saveSnapshot(this.#boardId, seq, state);
      this.#rows -= rows;
      this.#bytes -= bytes;
      this.#snapshotBytes = state.length;
      this.#attempts = 1;
      this.#ports.counters.compactions++;
    } catch (error) {
      this.#failed(error);
    } finally {
      this.running = false;
    }
  }

  #failed(error: unknown): void {
    this.#attempts++;
    this.#ports.counters.compactionFailures++;
    this.#ports.report(this.#boardId, "compaction", error);
  }
}
