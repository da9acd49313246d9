import * as Y from "yjs";
import type { SyncCounters } from "./counters.ts";
import type { BoardStore, StoredBoard } from "./ports.ts";
import { renewedState } from "./renewal.ts";
import type { RoomSettings } from "./settings.ts";

type RenewingPorts = {
  store: BoardStore;
  settings: RoomSettings;
  counters: SyncCounters;
  newClientId: () => number;
  renewed: (boardId: string) => void;
  report: (boardId: string, what: string, error: unknown) => void;
};

/** A board that was never without visitors is renewed when it is loaded, at this many times the usual number of ids. */
const overdue = 4;

/** Reads a board from the store; one with far too many client ids is renewed before anyone has seen it. */
export async function loadRenewed(boardId: string, ports: RenewingPorts): Promise<StoredBoard | null> {
  const stored = await ports.store.load(boardId);
  if (stored === null || stored.bindings.length < ports.settings.renewClients * overdue) return stored;
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      for (const part of stored.snapshot === null ? stored.updates : [stored.snapshot, ...stored.updates])
        Y.applyUpdate(doc, part);
    });
    if (!(await renew(boardId, doc, stored, ports))) return stored;
    const fresh = await ports.store.load(boardId);
    ports.renewed(boardId);
    return fresh;
  } finally {
    doc.destroy();
  }
}

export const isRenewalDue = ({ clients }: { clients: number }, { renewClients }: RoomSettings): boolean =>
  clients >= renewClients;

/** Renews a board that is open and that nobody looks at; answers whether it was. Its room must end afterwards. */
export async function renewOpen(
  boardId: string,
  { doc, generation }: { doc: Y.Doc; generation: number },
  seq: number,
  ports: RenewingPorts,
): Promise<boolean> {
  return renew(boardId, doc, { seq, generation }, ports);
}

async function renew(
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
