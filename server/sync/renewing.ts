import * as Y from "yjs";
import { guardCounts } from "../../shared/board/limits.ts";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import { piecesOf } from "./guard-counts.ts";
import type { BoardRenewal, BoardStore, StoredBoard } from "./ports.ts";
import { isMostlyGone, type Renew, RenewalDiffers } from "./renewal.ts";
import type { RenewalNotes } from "./renewal-notes.ts";
import type { RoomSettings } from "./settings.ts";

export type RenewingPorts = {
  store: BoardStore;
  settings: RoomSettings;
  counters: SyncCounters;
  renew: Renew;
  notes: RenewalNotes;
  newClientId: () => number;
  renewed: (boardId: string, generation: number) => void;
  report: (boardId: string, what: string, error: unknown) => void;
};

/** A board that was never without visitors is renewed when it is loaded, at this many times the usual number of ids. */
const overdue = 4;

/**
 * Reads a board from the store; one that is long overdue, or that the room before could not go on with, is renewed
 * before anyone has seen it. Whoever waits for it waits for that too, some seconds for the largest board; nobody else.
 */
export async function loadRenewed(boardId: string, ports: RenewingPorts): Promise<StoredBoard | null> {
  const { store, settings, notes } = ports;
  const stored = await store.load(boardId);
  if (stored === null) return null;
  const crowded = stored.bindings.length >= settings.renewClients * overdue;
  if (!notes.takeOver(boardId, stored.generation) && !crowded) return stored;
  const made = await makeAnew(boardId, stored, null, ports);
  if (made !== null && (await replace(boardId, made.renewal, ports)))
    ports.renewed(boardId, stored.generation + 1);
  return store.load(boardId);
}

/**
 * Whether a board must be renewed once nobody looks at it, whatever else is in it. Walks the lists and the notice, of
 * which each has a limited number of pieces: a few milliseconds at most.
 */
export const isRenewalDue = (
  { clients, doc, full }: BoardDocument,
  { renewClients }: RoomSettings,
): boolean => clients >= renewClients || full || hasCrowdedPlace(doc);

/** Whether it must be renewed although somebody is there: it is slow for everyone, or can take nothing more. */
export const isRenewalOverdue = ({ clients, full }: BoardDocument, { renewClients }: RoomSettings): boolean =>
  clients >= renewClients * overdue || full;

/** Yjs keeps every key a map ever had, every entry of a list and every piece of a text. */
function hasCrowdedPlace(doc: Y.Doc): boolean {
  for (const type of doc.share.values()) {
    if (type._map.size > guardCounts.keysPerCell / 2) return true;
    if (type instanceof Y.Array && piecesOf(type) > guardCounts.entriesEver / 2) return true;
    if (type instanceof Y.Text && piecesOf(type) > guardCounts.noticePieces / 2) return true;
  }
  return false;
}

/**
 * Makes a board anew from what is stored, on the folding thread. Null when that failed, which is reported.
 * @param expected a Yjs snapshot of the document it must be, or null
 */
export async function makeAnew(
  boardId: string,
  stored: StoredBoard,
  expected: Uint8Array | null,
  { renew, notes, newClientId, report }: RenewingPorts,
): Promise<{ renewal: BoardRenewal; bytes: number; mostlyGone: boolean } | null> {
  const { seq, generation, snapshot, updates } = stored;
  const parts = snapshot === null ? updates : [snapshot, ...updates];
  try {
    const clientId = newClientId();
    const made = await renew(parts, clientId, expected);
    if (made === null) {
      const bytes = parts.reduce((sum, part) => sum + part.length, 0);
      notes.foundWhole(boardId, stored, bytes);
      throw new RenewalDiffers("what is stored cannot be made anew without a difference");
    }
    const renewal = { after: seq, generation, state: made.state, clientId };
    return { renewal, bytes: made.bytes, mostlyGone: isMostlyGone(made) };
  } catch (error) {
    report(boardId, "renewal", error);
    return null;
  }
}

/** Puts a renewed document in the place of the old; answers whether it is there. A room with the old must end then. */
export async function replace(
  boardId: string,
  renewal: BoardRenewal,
  { store, counters, report }: RenewingPorts,
): Promise<boolean> {
  try {
    const done = await store.renew(boardId, renewal);
    if (done) counters.renewals++;
    return done;
  } catch (error) {
    report(boardId, "renewal", error);
    return false;
  }
}
