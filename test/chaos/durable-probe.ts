import type { ColdReader } from "./cold-read.ts";
import type { Findings } from "./findings.ts";

/** Questions that may be under way at once; more sightings are passed over. */
const mostAtOnce = 1;

/**
 * INV-1 at the moment itself: what has just come into somebody's view, or was told saved, must already be in the
 * database. The history row of a step is written in the commit of its update.
 */
export class DurableProbe {
  asked = 0;
  #underWay = 0;
  readonly #reader: ColdReader;
  readonly #boardId: string;
  readonly #findings: Findings;

  constructor(reader: ColdReader, boardId: string, findings: Findings) {
    this.#reader = reader;
    this.#boardId = boardId;
    this.#findings = findings;
  }

  /** Asks the database, unless it is still answering an earlier question. */
  look(itemId: string, title: string): void {
    if (this.#underWay >= mostAtOnce) return;
    this.#underWay++;
    const sql =
      "select 1 from board_history where board_id = $1 and item_id = $2 and after::json->>'title' = $3 limit 1";
    this.#reader
      .rows(sql, [this.#boardId, itemId, title])
      .then((rows) => {
        this.asked++;
        if (rows.length === 0)
          this.#findings.add("not-durable", `"${title}" is in view or told saved, and not in the database`);
      })
      // The database is away: nothing can be said.
      .catch(() => {})
      .finally(() => {
        this.#underWay--;
      });
  }
}
