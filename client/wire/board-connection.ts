import * as Y from "yjs";
import {
  applyRescued,
  findUnsaved,
  type RescuePlaces,
  type UnsavedSince,
} from "../../shared/board/rescue.ts";
import { type CloseName, closeCodes, closeName, mustDropCopy } from "../../shared/wire/close-codes.ts";
import { createStore, type Store } from "../state/store.ts";
import type { BoardCopy, OpenCopy } from "./board-copy.ts";
import { type BoardAddress, BoardLine, type LineState, ownEdit } from "./board-line.ts";

/**
 * What became of one's own edits: on the server's disk; on the way; kept on the device until there is a
 * connection; kept on the device because the server does not take them.
 */
export type EditState = "saved" | "saving" | "waiting" | "stopped";

export interface BoardStatus {
  line: LineState;
  edits: EditState;
  /** There is something to show: from the server, or from the copy on the device. */
  loaded: boolean;
  /** Why the server does not let this device go on; null when it does. */
  refused: CloseName | null;
}

/** The local copy had to be given up: why, and what of the unsaved edits could be kept. */
export interface Mishap {
  reason: CloseName;
  kept: number;
  lost: number;
}

export interface BoardOptions extends BoardAddress {
  openCopy: OpenCopy;
  /** Where this person may write now; asked when something has to be rescued. */
  mine: () => RescuePlaces;
  onMishap: (mishap: Mishap) => void;
  /** This device's clock, milliseconds. */
  now: () => number;
}

/** After so many refusals within a minute trying again helps nobody. */
const mostRefusals = 2;
const refusalWindow = 60_000;

/** One board, open: its document, the line to the server, the copy on the device, and the truth about "saved". */
export class BoardConnection {
  readonly status: Store<BoardStatus> = createStore<BoardStatus>({
    line: "connecting",
    edits: "saved",
    loaded: false,
    refused: null,
  });
  /** Replaced when the local copy had to be given up. */
  readonly document: Store<Y.Doc>;
  /** Places (`cell:<id>`, `list:<id>`) where somebody else is writing. */
  readonly writing = createStore<ReadonlySet<string>>(new Set());
  readonly #options: BoardOptions;
  #line: BoardLine;
  /** The line of a board that is being loaded anew. */
  #pending: BoardLine | null = null;
  #copy: BoardCopy;
  /** What the server has not confirmed; null when it has everything. */
  #unsaved: UnsavedSince | null = null;
  #refusals: number[] = [];
  #closed = false;

  constructor(options: BoardOptions) {
    this.#options = options;
    const doc = this.#newDocument();
    this.document = createStore(doc);
    this.#copy = options.openCopy(doc, false);
    this.#line = this.#openLine(doc, () => {});
    const line = this.#line;
    void this.#copy.ready.then((unsaved) => {
      if (this.#closed || this.#line !== line) return;
      if (unsaved) this.#unsaved = { ...unsaved, ...this.#unsaved };
      // Read before connecting, so that the server is told what is here already.
      this.#tell({ loaded: this.status.get().loaded || doc.store.clients.size > 0 });
      line.connect();
    });
  }

  /** Makes an edit of one's own; answers what the rule answers. */
  edit<T>(work: (doc: Y.Doc, origin: unknown) => T): T {
    return work(this.document.get(), ownEdit);
  }

  /** Shows others where this person is writing; null when nowhere. */
  showWriting(place: string | null): void {
    this.#line.show(place === null ? null : { writing: place });
  }

  /** The device has lost its network: says so at once instead of waiting for silence. */
  goOffline(): void {
    (this.#pending ?? this.#line).disconnect();
    this.#tell({ line: "offline" });
  }

  /** Tries now; also after the server has refused, when the person asks for it. */
  retry(): void {
    const { refused } = this.status.get();
    this.#refusals = [];
    if (refused) this.#tell({ refused: null, line: "connecting" });
    if (refused && mustDropCopy(closeCodes[refused])) this.#startAnew(null);
    else (this.#pending ?? this.#line).connect();
  }

  close(): void {
    this.#closed = true;
    this.#pending?.destroy();
    this.#line.destroy();
    this.#copy.close();
  }

  #newDocument(): Y.Doc {
    const doc = new Y.Doc();
    doc.on("update", (_update: Uint8Array, origin: unknown, _doc: Y.Doc, edit: Y.Transaction) => {
      if (origin !== ownEdit || this.#unsaved?.[doc.clientID] !== undefined) return;
      this.#setUnsaved({ ...this.#unsaved, [doc.clientID]: edit.beforeState.get(doc.clientID) ?? 0 });
    });
    return doc;
  }

  #openLine(doc: Y.Doc, online: (line: BoardLine) => void): BoardLine {
    const line: BoardLine = new BoardLine(this.#options, doc, {
      state: (state) => {
        if (this.#closed) return;
        if (state === "online") {
          online(line);
          this.#tell({ loaded: true });
        }
        this.#tell({ line: state });
      },
      saved: () => this.#line === line && this.#setUnsaved(null),
      closed: (code) => this.#closed || this.#refused(code),
      presence: (states) => this.#line === line && this.#showOthers(states),
    });
    return line;
  }

  #refused(code: number): void {
    const reason = closeName(code) ?? "malformed";
    const now = this.#options.now();
    // A board that was made anew says nothing of what this device holds.
    if (reason !== "board-renewed")
      this.#refusals = [...this.#refusals.filter((at) => now - at < refusalWindow), now];
    if (mustDropCopy(code) && this.#refusals.length <= mostRefusals) this.#startAnew(reason);
    else this.#tell({ refused: reason, line: "offline" });
  }

  /**
   * Loads the board into a new document under a new client id and writes again what may be kept. Until the
   * board is here everything stays as it is, on the screen and on the device.
   */
  #startAnew(reason: CloseName | null): void {
    const local = this.#line;
    local.disconnect();
    let done = false;
    const fresh = this.#newDocument();
    const line = this.#openLine(fresh, () => {
      if (done) return;
      done = true;
      this.#takeOver(local, line, reason);
    });
    this.#pending?.destroy();
    this.#pending = line;
    line.connect();
  }

  #takeOver(local: BoardLine, line: BoardLine, reason: CloseName | null): void {
    const since = reason === "board-renewed" ? (this.#unsaved ?? {}) : null;
    const rescued = findUnsaved(local.doc, line.doc, this.#options.mine(), since);
    const old = this.#copy;
    this.#pending = null;
    this.#line = line;
    this.#setUnsaved(null);
    const outcome = applyRescued(line.doc, rescued, ownEdit);
    this.#copy = this.#options.openCopy(line.doc, true);
    // The old copy goes only when the new one is on the device: a page closed in between loses nothing.
    void this.#copy.ready.then(() => old.discard());
    this.#copy.noteUnsaved(this.#unsaved);
    this.document.set(line.doc);
    local.destroy();
    // A renewed board is nobody's mishap, unless something could not be brought over.
    if (reason && (reason !== "board-renewed" || outcome.lost > 0))
      this.#options.onMishap({ reason, ...outcome });
  }

  #setUnsaved(unsaved: UnsavedSince | null): void {
    if (unsaved !== this.#unsaved) {
      this.#unsaved = unsaved;
      this.#copy.noteUnsaved(unsaved);
    }
    this.#tell({});
  }

  #showOthers(states: ReadonlyMap<number, Record<string, unknown>>): void {
    const places = new Set<string>();
    for (const [clientId, { writing }] of states) {
      if (clientId !== this.#line.doc.clientID && typeof writing === "string") places.add(writing);
    }
    const before = this.writing.get();
    if (places.size !== before.size || [...places].some((place) => !before.has(place)))
      this.writing.set(places);
  }

  #tell(part: Partial<BoardStatus>): void {
    const before = this.status.get();
    const next = { ...before, ...part };
    if (!this.#unsaved) next.edits = "saved";
    else if (next.refused) next.edits = "stopped";
    else next.edits = next.line === "online" ? "saving" : "waiting";
    const same = (Object.keys(next) as (keyof BoardStatus)[]).every((key) => next[key] === before[key]);
    if (!same) this.status.set(next);
  }
}
