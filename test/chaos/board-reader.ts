import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { BoardLink } from "./board-link.ts";
import type { Findings } from "./findings.ts";
import type { Site } from "./fleet.ts";
import type { Ledger } from "./ledger.ts";

export interface ReaderOptions {
  name: string;
  token: string;
  sites: Site[];
  at: number;
  boardId: string;
  householdIds: string[];
  ledger: Ledger;
  findings: Findings;
  /** Called with what has just come into view. */
  sighted?: (itemId: string, title: string) => void;
}

/** Looks at the whole board, writes nothing, and notes everything that comes into view. */
export class BoardReader {
  readonly name: string;
  readonly link: BoardLink;
  /** Closed by the server for good. */
  refused = false;
  readonly #options: ReaderOptions;
  /** The last step seen of each thing. */
  readonly #steps = new Map<string, number>();

  constructor(options: ReaderOptions) {
    const { name, token, sites, at, boardId, findings, householdIds } = options;
    this.#options = options;
    this.name = name;
    const doc = new Y.Doc();
    for (const householdId of householdIds) this.#watch(doc, householdId);
    this.link = new BoardLink({
      sites,
      at,
      boardId,
      token,
      doc,
      refused: (code, reason) => {
        this.refused = true;
        findings.add("refused", `${name} only looked and was closed with ${code} ${reason}`);
      },
    });
  }

  #watch(doc: Y.Doc, householdId: string): void {
    const { ledger, sighted } = this.#options;
    const cell = doc.getMap<Y.Map<unknown>>(cellRoot(householdId));
    cell.observeDeep((events) => {
      const touched = new Set<string>();
      for (const event of events) {
        if (event.path.length > 0) touched.add(String(event.path[0]));
        else for (const itemId of event.keys.keys()) touched.add(itemId);
      }
      for (const itemId of touched) {
        const item = cell.get(itemId);
        const title = item === undefined ? null : (item.get("title") as string | undefined);
        const key = `${householdId}/${itemId}`;
        const before = this.#steps.get(key) ?? -1;
        // Made and taken away between two looks: nothing was seen.
        if (title === null && before === -1) continue;
        this.#steps.set(key, ledger.saw(this.name, key, title, before));
        if (typeof title === "string") sighted?.(itemId, title);
      }
    });
  }
}
