import * as Y from "yjs";
import { readCell } from "../../shared/board/model.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { type BoardClient, openBoard } from "../server/board-client.ts";
import type { Seeded } from "../server/seeded.ts";

const itemId = "counter";

/** A household at its board that keeps writing one item: its title is the number of the last edit. */
export interface BoardWriter extends BoardClient {
  boardId: string;
  householdId: string;
  write(): void;
  written(): number;
  /** The last edit of that household that this client has. */
  sees(householdId: string): number;
}

export async function openWriter(wsUrl: string, seeded: Seeded, index: number): Promise<BoardWriter> {
  const household = seeded.households[index];
  if (!household) throw new Error(`there is no household ${index}`);
  const { householdId, token } = household;
  const client = await openBoard(wsUrl, seeded.boardId, token, new Y.Doc());
  const titleOf = (cell: string) => readCell(client.doc, cell).find(({ id }) => id === itemId)?.title;
  let written = Number(titleOf(householdId) ?? 0);
  return {
    ...client,
    boardId: seeded.boardId,
    householdId,
    write() {
      written += 1;
      const draft = { title: String(written), category: "tools" as const, note: "", quantity: 1 };
      const refusal =
        titleOf(householdId) === undefined
          ? addItem(client.doc, householdId, itemId, draft)
          : editItem(client.doc, householdId, itemId, draft);
      if (refusal) throw new Error(refusal);
    },
    written: () => written,
    sees: (cell) => Number(titleOf(cell) ?? 0),
  };
}

/** Who has not yet seen what: empty when every client of every board has the last edit of all others. */
export function missing(writers: readonly BoardWriter[]): string[] {
  return writers.flatMap((reader) =>
    writers
      .filter((writer) => writer.boardId === reader.boardId)
      .filter((writer) => reader.sees(writer.householdId) !== writer.written())
      .map((writer) => `${reader.householdId} lacks ${writer.written()} of ${writer.householdId}`),
  );
}
