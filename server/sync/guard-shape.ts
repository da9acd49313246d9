import { type BoardPlace, entryFieldNames, isItemId, itemFieldNames } from "../../shared/board/layout.ts";
import { isEntryValue, isItemValue, isPlain } from "../../shared/board/model.ts";
import type { StructKind } from "./guard-decode.ts";
import type { Spot } from "./guard-resolve.ts";
import type { BoardAccess } from "./ports.ts";

/** The places a board has; a root outside them does not exist for anyone. */
export type BoardPlaces = { households: ReadonlySet<string>; lists: ReadonlySet<string> };

/** Whether a connection may write to a place at all. */
export function mayWrite(access: BoardAccess, place: BoardPlace, board: BoardPlaces): boolean {
  switch (place.place) {
    case "cell":
      return (
        board.households.has(place.cell) && (access.ownCell === place.cell || caresFor(access, place.cell))
      );
    case "list":
      return board.lists.has(place.cell) && access.lists;
    case "notice":
      return access.notice;
  }
}

/** Whether a connection may write another household's cell, on its behalf. */
const caresFor = ({ otherCells, onlyCells }: BoardAccess, householdId: string): boolean =>
  otherCells && (onlyCells?.has(householdId) ?? true);

/** Whether a connection may write anywhere on a board. */
export function mayWriteSomewhere(access: BoardAccess): boolean {
  return access.ownCell !== null || access.otherCells || access.lists || access.notice;
}

/**
 * Why content may not stand at a spot, or null. The shape is that of `shared/board/layout.ts` and nothing deeper:
 * cell → item → field, list → entry → field, notice → text.
 * A deleted struct carries no value, but it still takes a key and hides what stood there.
 */
export function shapeRefusal(spot: Spot, kind: StructKind, values: unknown[]): string | null {
  const { parent, sub } = spot;
  if (parent.level === "root") {
    switch (parent.place.place) {
      case "cell":
        if (sub === null || !isItemId(sub)) return "cell-key";
        return kind === "map" || kind === "deleted" ? null : "cell-content";
      case "list":
        if (sub !== null) return "list-key";
        return kind === "map" || kind === "deleted" ? null : "list-content";
      case "notice":
        if (sub !== null) return "notice-key";
        if (kind === "text") return isPlain(String(values[0])) ? null : "notice-control-character";
        return kind === "deleted" ? null : "notice-content";
    }
  }
  if (sub === null) return "field-missing";
  const isValue = parent.place.place === "cell" ? itemValueCheck(sub) : entryValueCheck(sub);
  if (isValue === null) return "field-unknown";
  if (kind === "deleted") return null;
  if (kind !== "value") return "field-content";
  return values.every(isValue) ? null : `value-${sub}`;
}

function itemValueCheck(field: string): ((value: unknown) => boolean) | null {
  const name = itemFieldNames.find((known) => known === field);
  return name === undefined ? null : (value) => isItemValue(name, value);
}

function entryValueCheck(field: string): ((value: unknown) => boolean) | null {
  const name = entryFieldNames.find((known) => known === field);
  return name === undefined ? null : (value) => isEntryValue(name, value);
}
