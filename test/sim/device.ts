import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { applyRescued, findUnsaved } from "../../shared/board/rescue.ts";
import { type CloseName, closeName, mustDropCopy } from "../../shared/wire/close-codes.ts";
import type { Chance } from "./chance.ts";
import type { Diary } from "./diary.ts";
import { honestEdit, type Scope, scopeIsEmpty } from "./honest-edit.ts";
import { Provider } from "./provider.ts";
import { SeenBoard } from "./seen-board.ts";
import { simDoc } from "./sim-doc.ts";
import type { LineClient, SimLine } from "./sim-line.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** The origin of this device's own edits. */
export const ownEdit = Symbol("own edit");

/** As the client of the house: after so many refusals within a minute it stops, until the person asks. Milliseconds. */
const mostRefusals = 2;
const refusalWindow = 60_000;
const personTriesAgain = 10_000;

export type DevicePorts = {
  clock: VirtualClock;
  chance: Chance;
  diary: Diary;
  dial(device: Device, client: LineClient): SimLine | null;
  /** Where the person may write now. */
  scope(): Scope;
  /** All cells and lists there are. */
  places(): { households: readonly string[]; lists: readonly string[] };
  /** Somebody else has taken this client id before this device wrote under it. */
  isSquatted(clientId: number): boolean;
  /** The server has refused what this device holds. */
  refused(device: Device, name: CloseName): void;
};

/**
 * One honest person's open board, as the client of the house keeps it: a copy on the device, a stock provider, what
 * is unsaved, and a copy loaded anew, with what can be rescued written again, when the server says so.
 */
export class Device {
  readonly name: string;
  readonly residentId: string;
  readonly boardId: string;
  /** Words written here that nobody has called saved. */
  readonly unsaved = new Set<string>();
  provider: Provider;
  /** The server has refused too often: the person has to ask for it. */
  stopped: CloseName | null = null;
  /** The present copy as the person sees it. */
  #seen: SeenBoard;
  #undo: Y.UndoManager;
  /** The cells in which something can be undone: their rights may have changed since. */
  #undoCells: readonly string[] = [];
  #pending: Provider | null = null;
  #refusals: number[] = [];
  #away = true;
  /** Client ids that the copy was written under before it was loaded again. */
  #earlierIds: number[] = [];
  readonly #ports: DevicePorts;

  constructor(name: string, residentId: string, boardId: string, ports: DevicePorts) {
    this.name = name;
    this.residentId = residentId;
    this.boardId = boardId;
    this.#ports = ports;
    const doc = this.#newDoc();
    this.provider = this.#newProvider(doc, () => {});
    this.#seen = new SeenBoard(doc);
    this.#undo = this.#newUndo(doc);
  }

  get doc(): Y.Doc {
    return this.provider.doc;
  }

  get isOnline(): boolean {
    return this.provider.synced && this.#pending === null;
  }

  /** What it says and shows cannot be held against the server. */
  get isSquatted(): boolean {
    const ids = [...this.#earlierIds, this.provider.presence.clientId];
    return ids.some((clientId) => this.#ports.isSquatted(clientId));
  }

  edit(chance: Chance): void {
    const scope = this.#ports.scope();
    if (scopeIsEmpty(scope)) return;
    const { diary } = this.#ports;
    const cells = new Set([...scope.cells, ...this.#undoCells]);
    const before = this.#seen.cells(cells);
    const word = () => diary.newWord();
    const edited = { doc: this.doc, seen: this.#seen, undo: this.#undo };
    for (const written of honestEdit(edited, scope, chance, word, ownEdit)) this.unsaved.add(written);
    diary.edited(this.boardId, before, this.#seen.cells(cells));
  }

  show(writing: string | null): void {
    this.provider.show(writing === null ? null : { writing });
  }

  goOnline(): void {
    this.#away = false;
    (this.#pending ?? this.provider).connect();
  }

  goOffline(): void {
    this.#away = true;
    (this.#pending ?? this.provider).disconnect();
  }

  /** The page is loaded again: the same contents from the device's own store, under a new client id. */
  reload(): void {
    const doc = this.#newDoc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.doc));
    const wasAway = this.#away;
    this.#earlierIds.push(this.provider.presence.clientId);
    this.leave();
    this.provider = this.#newProvider(doc, () => {});
    this.#seen = new SeenBoard(doc);
    this.#undo = this.#newUndo(doc);
    this.#refusals = [];
    this.stopped = null;
    if (!wasAway) this.goOnline();
  }

  /** The person asks for another try after the server has refused. */
  retry(): void {
    this.#refusals = [];
    if (this.stopped === null) return;
    this.stopped = null;
    this.#startAnew();
  }

  leave(): void {
    this.#away = true;
    this.#pending?.destroy();
    this.#pending = null;
    this.provider.destroy();
  }

  #newDoc(): Y.Doc {
    return simDoc(this.#ports.chance.clientId());
  }

  #newUndo(doc: Y.Doc): Y.UndoManager {
    this.#undo?.destroy();
    this.#undoCells = this.#ports.scope().cells;
    const cells = this.#undoCells.map((cell) => doc.getMap(cellRoot(cell)));
    return new Y.UndoManager(cells.length > 0 ? cells : [doc.getMap("nowhere")], {
      trackedOrigins: new Set([ownEdit]),
      captureTimeout: 0,
    });
  }

  #newProvider(doc: Y.Doc, online: (provider: Provider) => void): Provider {
    const { clock, chance } = this.#ports;
    const provider: Provider = new Provider(
      { clock, dial: (client) => this.#ports.dial(this, client), newClientId: () => chance.clientId() },
      doc,
      {
        online: () => online(provider),
        saved: () => this.provider === provider && this.#saved(),
        closed: (code) => this.#closed(code),
      },
    );
    return provider;
  }

  #saved(): void {
    if (!this.isSquatted) this.#ports.diary.saved(this.boardId, this.unsaved);
    this.unsaved.clear();
  }

  #closed(code: number): void {
    const name = closeName(code) ?? "malformed";
    this.#ports.refused(this, name);
    const { clock } = this.#ports;
    this.#refusals = [...this.#refusals.filter((at) => clock.now - at < refusalWindow), clock.now];
    if (mustDropCopy(code) && this.#refusals.length <= mostRefusals) {
      this.#startAnew();
      return;
    }
    this.stopped = name;
    clock.after(personTriesAgain, () => this.retry());
  }

  #startAnew(): void {
    const local = this.provider;
    local.disconnect();
    this.#pending?.destroy();
    const fresh = this.#newProvider(this.#newDoc(), (provider) => this.#takeOver(local, provider));
    this.#pending = fresh;
    if (!this.#away) fresh.connect();
  }

  #takeOver(local: Provider, fresh: Provider): void {
    if (this.#pending !== fresh) return;
    this.#pending = null;
    this.#earlierIds = [];
    const { cells, lists } = this.#ports.scope();
    const rescued = findUnsaved(local.doc, fresh.doc, { cells, lists });
    const places = this.#ports.places();
    this.provider = fresh;
    this.#seen = new SeenBoard(fresh.doc);
    const before = this.#seen.cells(places.households);
    this.#undo = this.#newUndo(fresh.doc);
    applyRescued(fresh.doc, rescued, ownEdit);
    const after = this.#seen.view(places.households, places.lists);
    this.#ports.diary.edited(this.boardId, before, after.cells);
    // What could not be rescued is lost, and the person is told so.
    const text = JSON.stringify(after);
    for (const word of this.unsaved) if (!text.includes(`"${word}"`)) this.unsaved.delete(word);
    local.destroy();
  }
}
