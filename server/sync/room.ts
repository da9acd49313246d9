import type * as Y from "yjs";
import type { BoardView } from "../../shared/board/model.ts";
import type { CloseName } from "../../shared/wire/close-codes.ts";
import { Audience } from "./audience.ts";
import { MalformedBytes } from "./byte-reader.ts";
import { LogCompaction } from "./compaction.ts";
import type { SyncCounters } from "./counters.ts";
import { BoardDocument } from "./document.ts";
import { type BoardSocket, Peer, type PeerOptions } from "./peer.ts";
import type { BoardStore, BoardWriter, ItemChange } from "./ports.ts";
import { decodeFrame, type Incoming } from "./protocol.ts";
import type { RoomSettings } from "./settings.ts";
import { type Committed, type EditOutcome, TickWork, type Waiting } from "./tick-work.ts";
import type { Timer, Timers } from "./timers.ts";

export type RoomState = "loading" | "live" | "draining" | "failed" | "closed";

export type CommittedEvent = { boardId: string; seq: number; update: Uint8Array; changes: ItemChange[] };

/** What a room needs from outside. */
export type RoomPorts = {
  store: BoardStore;
  timers: Timers;
  settings: RoomSettings;
  counters: SyncCounters;
  /** A fresh random client id for the server's own edits. */
  newClientId: () => number;
  /** After each commit, in the order of `seq`. */
  committed: (event: CommittedEvent) => void;
  /** Something that should not happen; for the log. Never called with contents of a board. */
  report: (boardId: string, what: string, error: unknown) => void;
};

/** What answering one sync step 1 counts as, in new structs (see `workPerSecond`). */
const stepOneCost = 200;

/** The edit is not on disk and nobody has seen it. */
export class NotSaved extends Error {}

/**
 * One open board: everything that happens to it happens here, one thing at a time.
 * The document changes only in a tick, and between a tick and its commit nothing leaves the room, so
 * nobody ever sees, or is told "saved", what is not on disk (INV-1).
 */
export class Room {
  readonly boardId: string;
  state: RoomState = "loading";
  /** Settles when loading is over, well or not; `state` says which. */
  readonly loaded: Promise<void>;
  readonly audience: Audience;
  readonly #ports: RoomPorts;
  readonly #ended: (room: Room) => void;
  readonly #compaction: LogCompaction;
  #document: BoardDocument | null = null;
  #seq = 0;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #committing = false;
  #lastTick = Number.NEGATIVE_INFINITY;
  #tickTimer: Timer | null = null;
  #idleTimer: Timer | null = null;
  #whenQuiet: (() => void)[] = [];

  /** Begins to load at once. `ended` is called once, when the room is of no more use. */
  constructor(boardId: string, ports: RoomPorts, ended: (room: Room) => void) {
    this.boardId = boardId;
    this.#ports = ports;
    this.#ended = ended;
    const committed = () => (this.#committing || this.state !== "live" ? null : this.#document);
    this.audience = new Audience(ports, committed, (clientId) => this.#document?.ownerOf(clientId));
    this.#compaction = new LogCompaction(boardId, ports);
    ports.counters.rooms++;
    this.loaded = this.#load();
  }

  /** Takes a socket in. Its messages wait until the board is loaded. */
  attach(socket: BoardSocket, options: PeerOptions): void {
    const { limits } = this.#ports.settings;
    const peer = new Peer(socket, options, limits, this.#ports.counters, this.#now());
    socket.on("error", () => this.#leave(peer));
    socket.on("close", () => this.#leave(peer));
    socket.on("pong", () => {
      peer.lastHeard = this.#now();
    });
    socket.on("message", (data, isBinary) => this.#receive(peer, data, isBinary));
    if (this.state !== "loading" && this.state !== "live") peer.close("restart");
    else if (!options.access.read) peer.close("forbidden");
    else if (this.audience.peers.size >= limits.peersPerRoom) peer.close("room-full");
    else if (this.audience.peersOf(peer) >= limits.peersPerResident) peer.close("room-full");
    else {
      this.#idleTimer?.cancel();
      this.#idleTimer = null;
      this.audience.add(peer);
      this.audience.serve();
    }
  }

  /** An edit of the server's own, through the same tick and commit as everyone's. */
  edit(writer: BoardWriter, edit: (doc: Y.Doc) => void): Promise<Committed> {
    return new Promise((resolve, reject) => {
      const done = (outcome: EditOutcome) =>
        outcome.ok ? resolve(outcome.committed) : reject(outcome.error);
      if (this.state !== "loading" && this.state !== "live") {
        reject(new NotSaved("the board is not open"));
        return;
      }
      this.#queue.push({ kind: "edit", writer, edit, done });
      this.#wake();
    });
  }

  /** The board as it is on disk, as plain values. Waits for a commit under way. */
  async read(): Promise<{ seq: number; view: BoardView }> {
    await this.quiet();
    if (this.#document === null) throw new Error("the board is not open");
    return { seq: this.#seq, view: this.#document.view() };
  }

  setPlaces(households: string[], lists: string[]): void {
    this.#document?.setPlaces(households, lists);
  }

  /** Settles when nothing waits for a commit, or the room has ended. */
  async quiet(): Promise<void> {
    await this.loaded;
    if (!this.#committing && this.#queue.length === 0) return;
    await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Closes the sockets of one person; what they sent and is not committed yet does not count any more. */
  closeResident(residentId: string, name: CloseName): void {
    for (const peer of [...this.audience.peers]) {
      if (peer.options.writer?.residentId !== residentId) continue;
      peer.revoked = true;
      this.#dismiss(peer, name);
    }
  }

  /** Takes nothing more in; what was received is still committed. */
  drain(): void {
    if (this.state === "loading") this.#end("closed", "restart");
    else if (this.state === "live") this.state = "draining";
    this.#wake();
  }

  /** Closes every socket and forgets the board. What waits is lost; drain first to keep it. */
  close(name: CloseName): void {
    this.#end("closed", name);
  }

  async #load(): Promise<void> {
    const { store, counters, settings, newClientId, report } = this.#ports;
    try {
      const stored = await store.load(this.boardId);
      if (this.state !== "loading") return;
      if (stored === null) {
        this.#end("failed", "board-gone");
        return;
      }
      this.#document = new BoardDocument(stored, settings.limits.documentBytes, newClientId);
      this.#seq = stored.seq;
      this.#compaction.loaded(stored);
      counters.loads++;
    } catch (error) {
      counters.loadFailures++;
      report(this.boardId, "load", error);
      this.#end("failed", "unavailable");
      return;
    }
    this.state = "live";
    this.audience.serve();
    this.#wake();
    this.#restWhenIdle();
  }

  #receive(peer: Peer, data: unknown, isBinary: boolean): void {
    if (peer.gone || peer.revoked || this.state === "draining") return;
    const { counters, settings } = this.#ports;
    if (!isBinary || !(data instanceof Uint8Array)) {
      this.#dismiss(peer, "malformed");
      return;
    }
    counters.messages++;
    counters.bytesIn += data.length;
    if (!peer.mayReceive(data.length, this.#now())) {
      this.#dismiss(peer, "rate-limited");
      return;
    }
    try {
      this.#handle(peer, decodeFrame(data, settings.limits.awarenessEntries));
    } catch (error) {
      if (!(error instanceof MalformedBytes)) throw error;
      this.#dismiss(peer, "malformed");
    }
  }

  #handle(peer: Peer, message: Incoming): void {
    switch (message.kind) {
      case "step-one":
        // A few bytes that ask for the whole board: they count as the work they make.
        if (peer.mayCost(stepOneCost, this.#now())) {
          peer.waitingStepOne = message.stateVector;
          this.audience.serve();
        } else this.#dismiss(peer, "rate-limited");
        return;
      case "step-two":
      case "update":
        this.#enqueue(peer, message.update, message.kind === "step-two");
        return;
      case "awareness":
        this.audience.takePresence(peer, message.entries);
        return;
      case "query-awareness":
        this.audience.showPresence(peer);
    }
  }

  #enqueue(peer: Peer, update: Uint8Array, stepTwo: boolean): void {
    if (!peer.mayQueue(update.length)) {
      this.#dismiss(peer, "rate-limited");
      return;
    }
    const upTo = ++peer.received;
    peer.queuedMessages++;
    peer.queuedBytes += update.length;
    this.#queuedBytes += update.length;
    this.#queue.push({ kind: "message", peer, update, stepTwo, upTo });
    this.#wake();
  }

  /** Ticks now when the room was idle or much waits, else when the last tick is long enough ago. */
  #wake(): void {
    if (this.#committing || this.#queue.length === 0 || this.#document === null) return;
    const { timers, settings } = this.#ports;
    const wait = this.#lastTick + settings.tickMs - this.#now();
    const now = wait <= 0 || this.#queuedBytes >= settings.tickBytes || this.state === "draining";
    if (now) this.#tick(this.#document);
    else {
      this.#tickTimer ??= timers.after(wait, () => {
        this.#tickTimer = null;
        if (!this.#committing && this.#document !== null) this.#tick(this.#document);
      });
    }
  }

  #tick(document: BoardDocument): void {
    this.#tickTimer?.cancel();
    this.#tickTimer = null;
    this.#ports.counters.ticks++;
    const batch = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    const work = new TickWork(this.#now());
    let update: Uint8Array | null;
    try {
      update = document.tick(() => {
        for (const waiting of batch) work.apply(document, waiting);
      });
    } catch (error) {
      // Something got past the guard and broke the document. Nobody has seen it; whose it was may not return.
      this.#ports.report(this.boardId, "tick", error);
      if (work.current?.kind === "message") this.#dismiss(work.current.peer, "malformed");
      this.#queue.unshift(...batch);
      this.#fail(work, error);
      return;
    }
    for (const { peer, name } of work.refused) this.#dismiss(peer, name);
    if (update === null) {
      this.#settle(document, work, null);
      return;
    }
    this.#lastTick = this.#now();
    void this.#commit(document, work, update);
  }

  async #commit(document: BoardDocument, work: TickWork, update: Uint8Array): Promise<void> {
    const { store, timers, settings, counters, report } = this.#ports;
    const { bindings, changes } = work;
    const started = this.#now();
    let giveUp = (_: Error): void => {};
    const late = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const timer = timers.after(settings.commitTimeoutMs, () =>
      giveUp(new NotSaved("the commit took too long")),
    );
    this.#committing = true;
    try {
      const { seq } = await Promise.race([store.commit(this.boardId, { update, bindings, changes }), late]);
      // Somebody else wrote to this board in between; what they wrote is not in this document.
      if (seq !== this.#seq + 1) throw new NotSaved(`committed as ${seq} after ${this.#seq}`);
    } catch (error) {
      this.#committing = false;
      counters.commitFailures++;
      report(this.boardId, "commit", error);
      this.#fail(work, error);
      return;
    } finally {
      timer.cancel();
    }
    this.#committing = false;
    this.#seq++;
    counters.commits++;
    counters.commitMs += this.#now() - started;
    this.#compaction.note(update.length);
    this.#settle(document, work, update);
  }

  /** After the commit, or at once when there was nothing to commit: now everyone may know. */
  #settle(document: BoardDocument, work: TickWork, update: Uint8Array | null): void {
    const { committed, report } = this.#ports;
    const { changes, edits, authors, saved, resync } = work;
    if (this.state === "live" || this.state === "draining") {
      if (update !== null) this.audience.broadcast(document, update, authors);
      this.audience.acknowledge(document, saved);
      for (const peer of resync) this.audience.askAgain(document, peer);
    }
    if (update !== null) {
      try {
        committed({ boardId: this.boardId, seq: this.#seq, update, changes });
      } catch (error) {
        report(this.boardId, "listener", error);
      }
    }
    for (const edit of edits) edit.done({ ok: true, committed: { seq: this.#seq, changes: edit.changes } });
    if (this.#document === null) return;
    this.audience.serve();
    this.#compaction.runIfDue(document, this.#seq);
    this.#wake();
    this.#tellQuiet();
    this.#restWhenIdle();
  }

  #leave(peer: Peer): void {
    if (this.audience.leave(peer)) this.#restWhenIdle();
  }

  #dismiss(peer: Peer, name: CloseName): void {
    this.audience.dismiss(peer, name);
    this.#restWhenIdle();
  }

  /** An empty room is kept for a while, in case somebody comes back. */
  #restWhenIdle(): void {
    if (this.audience.peers.size > 0 || this.state !== "live" || this.#idleTimer !== null) return;
    this.#idleTimer = this.#ports.timers.after(this.#ports.settings.idleMs, () => {
      this.#idleTimer = null;
      const busy = this.#committing || this.#queue.length > 0 || this.#compaction.running;
      if (busy) this.#restWhenIdle();
      else if (this.audience.peers.size === 0) this.#end("closed", "restart");
    });
  }

  #fail(work: TickWork, error: unknown): void {
    for (const edit of work.edits)
      edit.done({ ok: false, error: new NotSaved("not saved", { cause: error }) });
    this.#end("failed", "not-saved");
  }

  #end(state: "failed" | "closed", name: CloseName): void {
    if (this.state === "failed" || this.state === "closed") return;
    this.state = state;
    this.#tickTimer?.cancel();
    this.#idleTimer?.cancel();
    for (const peer of [...this.audience.peers]) this.audience.dismiss(peer, name);
    this.audience.stop();
    for (const waiting of this.#queue.splice(0)) {
      if (waiting.kind === "edit") waiting.done({ ok: false, error: new NotSaved("the board was closed") });
    }
    if (!this.#committing) this.#document?.destroy();
    this.#document = null;
    this.#ports.counters.rooms--;
    if (state === "closed") this.#ports.counters.unloads++;
    this.#tellQuiet();
    this.#ended(this);
  }

  #tellQuiet(): void {
    if (this.state === "live" || this.state === "draining") {
      if (this.#committing || this.#queue.length > 0) return;
    }
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }

  #now(): number {
    return this.#ports.timers.now();
  }
}
