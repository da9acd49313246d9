import * as Y from "yjs";
import { guardCounts } from "../../shared/board/limits.ts";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import { piecesOf } from "./guard-counts.ts";
import type { BoardStore, StoredBoard } from "./ports.ts";
import { isMostlyGone, renewedState } from "./renewal.ts";
import type { RoomSettings } from "./settings.ts";

type RenewingPorts = {
  store: BoardStore;
  settings: RoomSettings;
  counters: SyncCounters;
  newClientId: () => number;
  renewed: (boardId: string, generation: number) => void;
  report: (boardId: string, what: string, error: unknown) => void;
};

/** A board that was never without visitors is renewed when it is loaded, at this many times the usual number of ids. */
const overdue = 4;
/** The share of its largest size at which a board is as good as full. */
const nearlyFull = 3 / 4;

/** Reads a board from the store; one that is long overdue is renewed before anyone has seen it. */
export async function loadRenewed(boardId: string, ports: RenewingPorts): Promise<StoredBoard | null> {
  const { store, settings } = ports;
  const stored = await store.load(boardId);
  if (stored === null) return stored;
  const parts = stored.snapshot === null ? stored.updates : [stored.snapshot, ...stored.updates];
  const crowded = stored.bindings.length >= settings.renewClients * overdue;
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (!crowded && bytes < settings.limits.documentBytes * nearlyFull) return stored;
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      for (const part of parts) Y.applyUpdate(doc, part);
    });
    if (!crowded && !isMostlyGone(doc)) return stored;
    if (!(await renew(boardId, doc, stored, ports))) return stored;
    const fresh = await ports.store.load(boardId);
    ports.renewed(boardId, stored.generation + 1);
    return fresh;
  } finally {
    doc.destroy();
  }
}

/** Whether a board is worth renewing while nobody looks at it. */
export function isRenewalDue(document: BoardDocument, { renewClients, renewBytes }: RoomSettings): boolean {
  const { clients, doc, bytes } = document;
  return clients >= renewClients || hasCrowdedPlace(doc) || (bytes >= renewBytes && isMostlyGone(doc));
}

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

/** Renews a board as it is at `seq`; answers whether it was. A room that has it open must end afterwards. */
export async function renew(
  boardId: string,
  doc: Y.Doc,
  { seq, generation }: { seq: number; generation: number },
  { store, counters, newClientId, report }: RenewingPorts,
): Promise<boolean> {
  try {
    const clientId = newClientId();
    const state = renewedState(doc, clientId);
    const done = await store.renew(boardId, { after: seq, generation, state, clientId });
    if (done) counters.renewals++;
    return done;
  } catch (error) {
    report(boardId, "renewal", error);
    return false;
  }
}
