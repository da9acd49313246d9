import * as Y from "yjs";
import type { BoardView } from "../../shared/board/model.ts";
import type { CloseName } from "../../shared/wire/close-codes.ts";
import { Audience } from "./audience.ts";
import { LogCompaction } from "./compaction.ts";
import { BoardDocument } from "./document.ts";
import type { CommittedBoard } from "./doorway.ts";
import type { Followed } from "./follower.ts";
import { HeldRows } from "./held-rows.ts";
import { Inbox } from "./inbox.ts";
import { type BoardSocket, Peer, type PeerOptions } from "./peer.ts";
import type { BoardWriter, LogRow, StoredBoard } from "./ports.ts";
import { loadRenewed } from "./renewing.ts";
import { SyncReplies } from "./replies.ts";
import { RoomLine } from "./room-line.ts";
import { RoomRenewal } from "./room-renewal.ts";
import { Rounds } from "./rounds.ts";
import { BoardSequence, NotSaved } from "./sequence.ts";
import type { Committed, EditOutcome } from "./tick-work.ts";
import { OpenBoard, type RoomPorts, type RoomState, RoomTicks } from "./ticks.ts";
import type { Timer } from "./timers.ts";

/**
 * One open board: everything that happens to it happens here, one thing at a time.
 * The document changes only in a tick, and between a tick and its commit nothing of it leaves the room, so
 * nobody ever sees, or is told "saved", what is not on disk (INV-1).
 */
export class Room implements Followed {
  readonly boardId: string;
  state: RoomState = "loading";
  /** Settles when loading is over, well or not; `state` says which. */
  readonly loaded: Promise<void>;
  readonly audience: Audience;
  readonly #ports: RoomPorts;
  readonly #ended: (room: Room) => void;
  readonly #compaction: LogCompaction;
  readonly #renewal: RoomRenewal;
  readonly #line: RoomLine;
  #open: OpenBoard | null = null;
  #openedAt = 0;
  /** The newest generation of the board that was told of. */
  #generation = 0;
  /** What can be sent, from when the board is read; the document is made of it afterwards. */
  #replies: SyncReplies | null = null;
  /** Rows heard of while the board was loading. */
  readonly #early: HeldRows;
  readonly #inbox: Inbox;
  readonly #ticks: RoomTicks;
  readonly #places = new Rounds(async () => {
    const places = await this.#ports.store.places(this.boardId);
    if (places === null) this.close("board-gone");
    else this.#open?.document.setPlaces(places.households, places.lists);
  });
  #idleTimer: Timer | null = null;
  #whenQuiet: (() => void)[] = [];

  /** Begins to load at once. `ended` is called once, when the room is of no more use. */
  constructor(boardId: string, ports: RoomPorts, ended: (room: Room) => void) {
    this.boardId = boardId;
    this.#ports = ports;
    this.#ended = ended;
    this.#early = new HeldRows(ports.settings.limits);
    this.audience = new Audience(ports, {
      committed: () => this.#committed(),
      ownerOf: (clientId) => this.#open?.document.ownerOf(clientId),
      stored: () => (this.#open === null ? this.#replies : null),
      shown: (entries) => ports.bus.presence(boardId, entries),
    });
    this.#compaction = new LogCompaction(boardId, ports);
    this.#renewal = new RoomRenewal(boardId, ports, {
      live: () => this.state === "live",
      atRest: () => this.audience.peers.size === 0 && !this.#busy(),
      nobodyElsewhere: () => this.#line.nobodyElsewhere(),
      disturbed: () => this.#restWhenIdle(),
      shut: () => {
        this.state = "draining";
      },
      end: () => this.#end("closed", "restart"),
      foundFull: () => this.#afterward(false),
    });
    this.#inbox = new Inbox(ports, this.audience, {
      asked: () => this.audience.doorway.serve(),
      queued: () => this.#ticks.wake(),
      dismiss: (peer, name) => this.#dismiss(peer, name),
    });
    this.#ticks = new RoomTicks(boardId, ports, this.audience, this.#inbox, {
      open: () => this.#open,
      state: () => this.state,
      dismiss: (peer, name) => this.#dismiss(peer, name),
      settled: () => this.#afterward(true),
      failed: () => this.#end("failed", "not-saved"),
    });
    ports.counters.rooms++;
    // Subscribed before it is loaded, so that nothing is committed between the two and not heard of.
    this.#line = new RoomLine(boardId, ports, {
      committed: (row) => this.take(row),
      presence: (entries) => this.audience.takePresenceElsewhere(entries),
      showOurs: () => this.audience.showOurs(),
      occupied: () => this.audience.peers.size > 0,
      renewed: (generation) => this.renewed(generation),
      turn: () => this.#open?.sequence.giveWay(),
    });
    this.loaded = this.#load();
    void Promise.all([this.#line.ready, this.loaded]).then(
      () => this.#listening(),
      () => {},
    );
  }

  get seq(): number | null {
    return this.#open?.sequence.seq ?? null;
  }

  /**
   * Takes a socket in. Its messages wait until the board is loaded.
   * @returns what closes it: from then on nothing that it has sent and nothing that it goes on sending counts
   */
  attach(socket: BoardSocket, options: PeerOptions): (name: CloseName) => void {
    const { limits } = this.#ports.settings;
    const { accounts, counters } = this.#ports;
    const residentId = options.writer?.residentId;
    const account = residentId === undefined ? null : accounts.enter(residentId, this.#now());
    const peer = new Peer(socket, options, limits, counters, this.#now(), account);
    socket.on("error", () => this.#leave(peer));
    socket.on("close", () => this.#leave(peer));
    for (const sign of ["ping", "pong"] as const) socket.on(sign, () => this.#inbox.receiveSign(peer));
    socket.on("message", (data, isBinary) => {
      if (this.state !== "draining" && !this.#renewal.due) this.#inbox.receive(peer, data, isBinary);
    });
    const refusal = this.#refusalOf(peer);
    if (refusal !== null || (account === null && residentId !== undefined)) {
      peer.close(refusal ?? "room-full");
      if (account !== null && residentId !== undefined) accounts.leave(residentId);
      return () => {};
    }
    this.#idleTimer?.cancel();
    this.#idleTimer = null;
    this.audience.add(peer);
    this.audience.doorway.serve();
    return (name) => this.#dismiss(peer.revoke(), name);
  }

  #refusalOf(peer: Peer): CloseName | null {
    if (this.state !== "loading" && this.state !== "live") return "restart";
    if (!peer.options.access.read) return "forbidden";
    return this.audience.isFullFor(peer) ? "room-full" : null;
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
      this.#inbox.addEdit({ kind: "edit", writer, edit, done });
    });
  }

  /** The board as it is on disk, as plain values. Waits for a commit under way. */
  async read(): Promise<{ seq: number; view: BoardView }> {
    await this.quiet();
    if (this.#open === null) throw new Error("the board is not open");
    return { seq: this.#open.sequence.seq, view: this.#open.document.view() };
  }

  /** Reads which households and lists there are. @throws when they cannot be read */
  readPlaces(): Promise<void> {
    return this.#places.ask();
  }

  /** Settles when nothing waits for a commit, or the room has ended. */
  async quiet(): Promise<void> {
    await this.loaded;
    if (!this.#busy()) return;
    await new Promise<void>((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Closes the sockets of one person (see `Audience.closeResident`). */
  closeResident(residentId: string, name: CloseName, ended?: ReadonlySet<string>): void {
    this.audience.closeResident(residentId, name, ended);
    this.#restWhenIdle();
  }

  /** A committed row of another node, from the bus or from the log. */
  take(row: LogRow): void {
    if (this.#open !== null) this.#open.sequence.take(row);
    else if (this.state === "loading") this.#early.add(row);
  }

  /** What this board misses is not in the log any more. */
  lost(): void {
    this.#end("closed", "restart");
  }

  /** The board was made anew and is of this generation now: a room with an older document ends. */
  renewed(generation: number): void {
    this.#generation = Math.max(this.#generation, generation);
    if (this.#open !== null && this.#open.document.generation < generation) this.lost();
  }

  /** Takes nothing more in; what was received is still committed. */
  drain(): void {
    if (this.state === "loading") this.#end("closed", "restart");
    else if (this.state === "live") this.state = "draining";
    this.#ticks.wake();
  }

  /** Closes every socket and forgets the board. What waits is lost; drain first to keep it. */
  close(name: CloseName): void {
    this.#end("closed", name);
  }

  async #load(): Promise<void> {
    const { counters, report } = this.#ports;
    try {
      const stored = await loadRenewed(this.boardId, this.#ports);
      if (this.state !== "loading") return;
      if (stored === null) {
        this.#end("failed", "board-gone");
        return;
      }
      const { snapshot, updates, seq } = stored;
      this.#replies = new SyncReplies(snapshot, updates, seq, {
        all: () => Y.encodeStateAsUpdate(this.#document().doc),
        since: (has) => Y.encodeStateAsUpdate(this.#document().doc, has),
        deletions: () => Y.encodeStateAsUpdate(this.#document().doc, this.#document().stateVector()),
      });
      if (snapshot !== null || updates.length > 0)
        await this.audience.doorway.serveEarly(this.#replies, () => this.state === "loading");
      if (this.state !== "loading") return;
      // It was read just before.
      if (stored.generation < this.#generation) {
        this.lost();
        return;
      }
      this.#openWith(stored, this.#replies);
      counters.loads++;
    } catch (error) {
      counters.loadFailures++;
      report(this.boardId, "load", error);
      this.#end("failed", "unavailable");
      return;
    }
    this.state = "live";
    this.#openedAt = this.#now();
    for (const row of this.#early.takeAll()) this.take(row);
    this.audience.doorway.serve();
    this.#ticks.wake();
    this.#restWhenIdle();
  }

  #openWith(stored: StoredBoard, replies: SyncReplies): void {
    const { settings, bus, newClientId, notes, readLog, late } = this.#ports;
    const document = new BoardDocument(stored, settings.limits.documentBytes, newClientId, (id) =>
      this.audience.shownBy(id),
    );
    const sequence = new BoardSequence(this.boardId, stored.seq, this.#ports, {
      board: document.doc,
      apply: (row) => this.#apply(row),
      reread: (changes) => document.reread(changes),
      readLog: () => readLog(this.boardId),
      askForTurn: () => bus.askForTurn(this.boardId),
      contradicted: (clientIds) => this.#bar(document, clientIds),
      late,
    });
    this.#compaction.loaded(stored);
    notes.loaded(this.boardId, stored);
    this.#open = new OpenBoard(document, replies, sequence, (bytes) => {
      this.#compaction.note(bytes);
      notes.row(this.boardId, sequence.seq, bytes);
    });
  }

  /** Two updates that contradict each other end a room for everyone in it: who is behind both may not do it again and again. */
  #bar(document: BoardDocument, clientIds: readonly number[]): void {
    for (const clientId of clientIds) {
      const residentId = document.ownerOf(clientId);
      if (residentId !== undefined) this.#ports.accounts.bar(residentId, this.#now());
    }
  }

  /** Everything told from now on is heard: what was told between loading and this moment is in the log. */
  #listening(): void {
    const { store, bus, readLog, report } = this.#ports;
    if (!store.shared || this.#open === null) return;
    bus.askWhoIsThere(this.boardId);
    readLog(this.boardId).catch((error: unknown) => report(this.boardId, "log", error));
  }

  /** Another node's row, the next in the log. A tick of this node may be on its way to the disk meanwhile. */
  #apply({ update, bindings }: LogRow): void {
    const open = this.#open;
    if (open === null) return;
    try {
      open.document.takeCommitted(update, bindings);
    } catch (error) {
      this.#ports.report(this.boardId, "log", error);
      this.#end("failed", "restart");
      return;
    }
    this.#ports.counters.taken++;
    open.noteRow(update);
    this.audience.broadcast(update);
    this.#afterward(false);
  }

  /** @param own whether this node has committed it: then it also folds the log, and not every node that heard of it */
  #afterward(own: boolean): void {
    const board = this.#committed();
    if (board === null) return;
    const { document, seq } = board;
    this.#renewal.lookIfFull(document);
    const due = this.state === "live" && this.#renewal.isDue(document, this.#now() - this.#openedAt);
    if (due && !this.#busy()) {
      this.#end("closed", "restart");
      return;
    }
    this.audience.doorway.serve();
    if (own) this.#compaction.runIfDue(document, seq);
    this.#ticks.wake();
    this.#tellQuiet();
    this.#restWhenIdle();
  }

  #committed(): CommittedBoard | null {
    if (this.#open === null || this.state === "failed" || this.state === "closed") return null;
    const { document, replies, sequence } = this.#open;
    return sequence.committing ? null : { document, replies, seq: sequence.seq };
  }

  #document(): BoardDocument {
    if (this.#open === null) throw new Error("the board is not open");
    return this.#open.document;
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
      if (this.#busy() || this.#compaction.running || this.#renewal.running) this.#restWhenIdle();
      else this.#rest();
    });
  }

  /** Nobody has been here for a while: the time to put the board in order, and to forget it. */
  #rest(): void {
    const open = this.#open;
    if (open === null || this.audience.peers.size > 0) return;
    this.#compaction.runIfDue(open.document, open.sequence.seq);
    if (this.#compaction.running) this.#restWhenIdle();
    else this.#renewal.rest(open.document, open.sequence.seq);
  }

  #busy(): boolean {
    return this.#ticks.busy || this.#open?.sequence.committing === true;
  }

  #end(state: "failed" | "closed", name: CloseName): void {
    if (this.state === "failed" || this.state === "closed") return;
    this.state = state;
    this.#ticks.stop();
    this.#idleTimer?.cancel();
    for (const peer of [...this.audience.peers]) this.audience.dismiss(peer, name);
    this.audience.stop();
    this.#line.close();
    for (const waiting of this.#inbox.takeAll()) {
      if (waiting.kind === "edit") waiting.done({ ok: false, error: new NotSaved("the board was closed") });
    }
    this.#open?.sequence.end();
    this.#open?.document.destroy();
    this.#open = null;
    this.#replies = null;
    this.#ports.counters.rooms--;
    if (state === "closed") this.#ports.counters.unloads++;
    this.#tellQuiet();
    this.#ended(this);
  }

  #tellQuiet(): void {
    if ((this.state === "live" || this.state === "draining") && this.#busy()) return;
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }

  #now(): number {
    return this.#ports.timers.now();
  }
}
