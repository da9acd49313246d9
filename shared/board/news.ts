import * as Y from "yjs";
import { cellRoot, isItemId } from "./layout.ts";

/** What a device remembers of its visits to one board. */
export interface VisitNote {
  /** Yjs state (client id → clock) at the end of the visit before: what is beyond it is new. Null: never been here. */
  before: StateNote | null;
  /** The state when the board was last looked at. */
  latest: StateNote;
  /** When that was, milliseconds. */
  at: number;
  /** `household/item` of what was new and has been looked at since. */
  seen: string[];
}

export type StateNote = Readonly<Record<string, number>>;

/** After this long without a look, coming back is a new visit. Reloading a page is not. */
export const newVisitAfter = 30 * 60 * 1_000;
/** More would fill the storage of a cheap phone; then nothing is marked rather than something dropped. */
const mostClients = 4_000;
const mostSeen = 1_000;

/** The state of a board, to be remembered. */
export const noteState = (doc: Y.Doc): StateNote =>
  Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc)));

/** A visit begins or goes on: what is compared with, and what has been seen in it already. */
export function beginVisit(note: VisitNote | null, now: number): Pick<VisitNote, "before" | "seen"> {
  if (note === null) return { before: null, seen: [] };
  if (now - note.at < newVisitAfter) return { before: note.before, seen: note.seen };
  return { before: note.latest, seen: [] };
}

/** What to remember now; null when the board has too many writers to keep track of. */
export function noteVisit(
  visit: Pick<VisitNote, "before" | "seen">,
  latest: StateNote,
  now: number,
): VisitNote | null {
  if (Object.keys(latest).length > mostClients) return null;
  return { before: visit.before, seen: visit.seen.slice(-mostSeen), latest, at: now };
}

/** Reads what was remembered; anything unreadable counts as never been here. */
export function parseVisit(stored: string | null): VisitNote | null {
  try {
    const note = JSON.parse(stored ?? "null") as VisitNote | null;
    if (note === null || typeof note.at !== "number" || !isState(note.latest) || !Array.isArray(note.seen))
      return null;
    return note.before === null || isState(note.before) ? note : null;
  } catch {
    return null;
  }
}

/**
 * The ids of a cell's items that came or changed since `before`. Moving an item is no news, and neither is
 * what this very page has written.
 */
export function freshItems(
  doc: Y.Doc,
  householdId: string,
  before: StateNote | null,
  seen: ReadonlySet<string>,
): ReadonlySet<string> {
  if (before === null) return none;
  let fresh: Set<string> | null = null;
  for (const [itemId, map] of doc.getMap<unknown>(cellRoot(householdId)).entries()) {
    if (!(map instanceof Y.Map) || !isItemId(itemId) || seen.has(`${householdId}/${itemId}`)) continue;
    for (const [field, { id, deleted }] of map._map) {
      if (deleted || field === "order" || id.client === doc.clientID) continue;
      if (id.clock < (before[id.client] ?? 0)) continue;
      fresh ??= new Set();
      fresh.add(itemId);
      break;
    }
  }
  return fresh ?? none;
}

const none: ReadonlySet<string> = new Set();

const isState = (value: unknown): value is StateNote =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((clock) => typeof clock === "number");
