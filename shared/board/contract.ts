import { z } from "zod";
import { area, command, event, query } from "../wire/define.ts";
import { id, line, nothing, time } from "../wire/text.ts";
import { itemCategories } from "./layout.ts";
import { boardLimits } from "./limits.ts";

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

export const sharedList = z.strictObject({ id, title: z.string() });

const itemId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
const itemState = z.strictObject({
  title: z.string(),
  category: z.string(),
  note: z.string(),
  quantity: z.number(),
});
const entryState = z.strictObject({ text: z.string(), done: z.boolean() });
const noticeState = z.strictObject({ text: z.string() });

/** Where something was changed. */
export const historyPlace = z.discriminatedUnion("place", [
  z.strictObject({ place: z.literal("cell"), householdId: id }),
  z.strictObject({ place: z.literal("list"), listId: id }),
  z.strictObject({ place: z.literal("notice") }),
]);

const made = {
  historyId: id,
  /** The board's sequence: changes of one moment share it. */
  seq: z.number().int(),
  at: time,
  /** Display name of who did it; null when that person is not known any more. */
  by: z.string().nullable(),
  /** The door they live behind, "3-2-501"; null for someone of no household. */
  door: z.string().nullable(),
  /** Done for a household by someone else. */
  onBehalf: z.boolean(),
};

/** One change: null before means put there, null after means taken away. */
export const historyEntry = z.discriminatedUnion("place", [
  z.strictObject({
    ...made,
    place: z.literal("cell"),
    itemId: z.string(),
    before: itemState.nullable(),
    after: itemState.nullable(),
  }),
  z.strictObject({
    ...made,
    place: z.literal("list"),
    itemId: z.string(),
    before: entryState.nullable(),
    after: entryState.nullable(),
  }),
  z.strictObject({
    ...made,
    place: z.literal("notice"),
    before: noticeState.nullable(),
    after: noticeState.nullable(),
  }),
]);

export const foundItem = z.strictObject({
  boardId: id,
  householdId: id,
  /** The door as people say it, "3-2-501". */
  door: z.string(),
  itemId,
  title: z.string(),
  category: z.string(),
  note: z.string(),
  quantity: z.number().int(),
});

export const boardContract = area({
  commands: {
    "board.restore": command(
      "Brings what one change touched back to how it was before it: an item of a cell, an entry of a list, the notice. Repeated, it changes nothing more.",
      z.strictObject({ historyId: id }),
      nothing,
    ),
    "board.restore-cell": command(
      "Brings a whole cell back to how it was at a time: what was added since goes, what was removed returns. Repeated, it changes nothing more.",
      z.strictObject({ boardId: id, householdId: id, at: time }),
      nothing,
    ),
    "list.create": command(
      "Adds a shared list. The id is made by the client: sent again it gives the first answer; the id of a removed list brings that list back with all that is on it.",
      z.strictObject({ boardId: id, listId: id, title: line(boardLimits.listTitleLength) }),
      nothing,
    ),
    "list.rename": command(
      "Gives a shared list another title. Repeated, it changes nothing more.",
      z.strictObject({ listId: id, title: line(boardLimits.listTitleLength) }),
      nothing,
    ),
    "list.remove": command(
      "Takes a shared list off its board. Repeated, it changes nothing more.",
      z.strictObject({ listId: id }),
      nothing,
    ),
  },
  queries: {
    "board.history": query(
      "Who changed what and when in a cell, on a list or in the notice, newest first.",
      z.strictObject({
        boardId: id,
        of: historyPlace,
        /** The last entry one has; without it the newest are given. */
        before: z.strictObject({ at: time, seq: z.number().int(), historyId: id }).optional(),
        limit: z.number().int().min(1).max(100),
      }),
      z.strictObject({ entries: z.array(historyEntry), more: z.boolean() }),
    ),
    "board.item-times": query(
      "When the things in a cell were put there and last changed.",
      z.strictObject({ boardId: id, householdId: id }),
      z.strictObject({
        items: z.array(z.strictObject({ itemId: z.string(), addedAt: time, changedAt: time })),
      }),
    ),
    "board.search": query(
      "Things on all boards of the courtyard one may read, by part of a word, other names, category, pinyin or initials; best first.",
      z.strictObject({
        text: z.string().max(boardLimits.searchLength),
        category: z.enum(itemCategories).optional(),
        /** How many results to pass over. */
        from: z.number().int().min(0).max(10_000).default(0),
        limit: z.number().int().min(1).max(100),
      }),
      z.strictObject({ items: z.array(foundItem), total: z.number().int() }),
    ),
  },
  events: {
    "board.lists-changed": event(
      "The shared lists of a board, whole and in their order.",
      ["courtyard", "building", "staff"],
      z.strictObject({ boardId: id, lists: z.array(sharedList) }),
    ),
  },
  signals: {},
  whispers: {},
  snapshot: z.strictObject({
    boards: z.array(
      z.strictObject({
        id,
        /** Null for the board of a whole courtyard. */
        buildingId: id.nullable(),
        access: boardAccess,
        lists: z.array(sharedList),
      }),
    ),
  }),
});
