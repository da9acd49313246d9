import type { RoomLimits } from "../../shared/board/limits.ts";
import type { LogRow } from "./ports.ts";

/** Rows of other nodes that wait for those before them. Over its bounds it forgets all: the log has them. */
export class HeldRows {
  readonly #limits: Pick<RoomLimits, "heldRows" | "heldBytes">;
  readonly #rows = new Map<number, LogRow>();
  #bytes = 0;

  constructor(limits: Pick<RoomLimits, "heldRows" | "heldBytes">) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#rows.size;
  }

  add(row: LogRow): void {
    this.take(row.seq);
    const { heldRows, heldBytes } = this.#limits;
    if (this.#rows.size >= heldRows || this.#bytes + row.update.length > heldBytes) this.clear();
    this.#rows.set(row.seq, row);
    this.#bytes += row.update.length;
  }

  /** The row of this number, which is held no more. */
  take(seq: number): LogRow | undefined {
    const row = this.#rows.get(seq);
    if (row === undefined) return undefined;
    this.#rows.delete(seq);
    this.#bytes -= row.update.length;
    return row;
  }

  takeAll(): LogRow[] {
    const rows = [...this.#rows.values()];
    this.clear();
    return rows;
  }

  clear(): void {
    this.#rows.clear();
    this.#bytes = 0;
  }
}
