import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";
import type { UnsavedSince } from "../../shared/board/rescue.ts";

/** What this device keeps of a board, so that it opens without a connection and nothing written is lost. */
export interface BoardCopy {
  /** Resolves, when what was kept is in the document, with what of it was not confirmed by the server; null: all was. */
  readonly ready: Promise<UnsavedSince | null>;
  /** Remembers what is not confirmed, or that all is. */
  noteUnsaved(since: UnsavedSince | null): void;
  /** Stops keeping; what is kept stays. */
  close(): void;
  /** Stops keeping and deletes. */
  discard(): void;
}

/** Opens the copy of a board, or a fresh one beside it that takes its place once it is written. */
export type OpenCopy = (doc: Y.Doc, replace: boolean) => BoardCopy;

/** A phone whose storage does not answer must not keep the board from opening, milliseconds. */
const patience = 3_000;
const unsavedKey = "unsaved";

/** Copies in the browser's database, named by resident and board, so that two people of one phone stay apart. */
export function copiesOnDevice(residentId: string, boardId: string): OpenCopy {
  const pointer = `yuanba.copy.${residentId}.${boardId}`;
  return (doc, replace) => {
    const generation = Number(read(pointer)) + (replace ? 1 : 0);
    const kept = keep(`yuanba ${residentId} ${boardId} ${generation}`, doc);
    if (replace) void kept.ready.then(() => write(pointer, String(generation)));
    return kept;
  };
}

function keep(name: string, doc: Y.Doc): BoardCopy {
  let ended = false;
  const opening = usable().then((yes) => (yes && !ended ? new IndexeddbPersistence(name, doc) : null));
  const read = opening.then(async (persistence) => {
    if (!persistence) return null;
    await persistence.whenSynced;
    const kept: unknown = await persistence.get(unsavedKey);
    // An older page kept no more than that there is something.
    if (kept === 1) return {};
    return typeof kept === "string" ? (JSON.parse(kept) as UnsavedSince) : null;
  });
  const end = (act: (persistence: IndexeddbPersistence) => Promise<unknown>) => {
    ended = true;
    void opening.then((persistence) => persistence && act(persistence));
  };
  return {
    ready: Promise.race([read, new Promise<null>((resolve) => setTimeout(resolve, patience, null))]),
    noteUnsaved: (since) =>
      void opening.then((persistence) =>
        ended
          ? undefined
          : since
            ? persistence?.set(unsavedKey, JSON.stringify(since))
            : persistence?.del(unsavedKey),
      ),
    close: () => end((persistence) => persistence.destroy()),
    discard: () => end((persistence) => persistence.clearData()),
  };
}

/** Private windows and full phones have no database; the board then lives as long as the page. */
function usable(): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const probe = indexedDB.open("yuanba");
      probe.onerror = () => resolve(false);
      probe.onsuccess = () => {
        probe.result.close();
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without it the next visit opens the older copy, and the server's answer sorts it out.
  }
}
