import { z } from "zod";
import { area } from "../wire/define.ts";
import { id } from "../wire/text.ts";

/** What this session may do on a board; the guard enforces the same on every byte. */
export const boardAccess = z.strictObject({
  read: z.boolean(),
  /** The household whose cell is one's own. */
  ownCell: id.nullable(),
  /** Other households' cells, on their behalf. */
  otherCells: z.boolean(),
  /** Of the other cells only these; null: all of them. */
  onlyCells: z.array(id).nullable(),
  lists: z.boolean(),
  notice: z.boolean(),
});

export const boardContract = area({
  commands: {},
  queries: {},
  events: {},
  signals: {},
  whispers: {},
  snapshot: z.strictObject({
    boards: z.array(
      z.strictObject({
        id,
        /** Null for the board of a whole courtyard. */
        buildingId: id.nullable(),
        access: boardAccess,
        lists: z.array(z.strictObject({ id, title: z.string() })),
      }),
    ),
  }),
});
