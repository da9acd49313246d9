import type { WebSocket } from "ws";
import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { BoardLink } from "./board-link.ts";
import { newItem } from "./board-writer.ts";
import type { Chance } from "./chance.ts";
import type { Findings } from "./findings.ts";
import type { Site } from "./fleet.ts";
import { forbiddenMark } from "./ledger.ts";

export interface IntruderOptions {
  token: string;
  sites: Site[];
  boardId: string;
  /** Cells that are not its own. */
  foreign: string[];
  findings: Findings;
  chance: Chance;
}

/** A resident who writes into other households' cells, again and again, at any node, live and offline. */
export class Intruder {
  refusals = 0;
  attempts = 0;
  #link: BoardLink | null = null;
  #tried = false;
  /**
   * The last try put a thing into a cell, which is never harmless. To remove a thing or to write in it is, when its
   * owner took it away a moment before: that changes nothing, and passes.
   */
  #wrote = false;
  /** The frame that carried the last try. */
  #carried: { socket: WebSocket; frame: number } | null = null;
  readonly #options: IntruderOptions;

  constructor(options: IntruderOptions) {
    this.#options = options;
  }

  /** Begins anew when it was thrown out, or tries something. */
  act(): void {
    const { chance } = this.#options;
    if (this.#tried) {
      // No answer to the last try, which may be on its way: with another copy it tries something else.
      if (chance.percent(10)) this.#leave();
      return;
    }
    if (!this.#link) this.#come();
    // Before it is synced a first try goes into the sync step 2.
    else if (this.#link.synced || chance.percent(5)) this.#try(this.#link.doc);
  }

  close(): void {
    this.#leave();
  }

  #come(): void {
    const { sites, boardId, token, chance, findings } = this.#options;
    this.#link = new BoardLink({
      sites,
      at: chance.between(0, sites.length - 1),
      boardId,
      token,
      doc: new Y.Doc(),
      sent: (socket, frame) => {
        if (this.#wrote) this.#carried ??= { socket, frame };
      },
      saved: (socket, _clientId, _clock, frames) => {
        const carried = this.#carried;
        if (carried?.socket === socket && frames >= carried.frame)
          findings.add("forbidden", "an edit of another household's cell was told saved");
      },
      refused: () => {
        this.refusals++;
        this.#leave();
      },
    });
  }

  #leave(): void {
    this.#tried = false;
    this.#wrote = false;
    this.#carried = null;
    const link = this.#link;
    this.#link = null;
    link?.drop();
  }

  #try(doc: Y.Doc): void {
    const { chance, foreign } = this.#options;
    const cell = doc.getMap<Y.Map<unknown>>(cellRoot(chance.pick(foreign)));
    const title = `${forbiddenMark} ${++this.attempts}`;
    const [itemId, item] = chance.shuffle([...cell.entries()])[0] ?? [];
    const what = chance.between(1, 10);
    this.#tried = true;
    this.#wrote = !item || what > 5;
    doc.transact(() => {
      if (!itemId || !item || what > 7) cell.set(`x-${this.attempts}`, newItem(title));
      else if (what > 5) cell.set(itemId, newItem(title));
      else if (what > 2) item.set("title", title);
      else cell.delete(itemId);
    });
  }
}
