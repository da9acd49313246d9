import type * as Y from "yjs";
import type { BoardView } from "../../shared/board/model.ts";
import { type CloseName, closeCodes } from "../../shared/wire/close-codes.ts";
import { Turns } from "../turns.ts";
import { Accounts } from "./accounts.ts";
import { newCounters, type SyncCounters } from "./counters.ts";
import { type Fold, foldNow } from "./fold.ts";
import { LogFollower } from "./follower.ts";
import type { BoardSocket, PeerOptions } from "./peer.ts";
import { type BoardBus, type BoardStore, type BoardWriter, type CommittedEvent, noBus } from "./ports.ts";
import { type Renew, renewNow } from "./renewal.ts";
import { RenewalNotes } from "./renewal-notes.ts";
import { Room } from "./room.ts";
import { defaultSettings, type RoomSettings } from "./settings.ts";
import type { Committed } from "./tick-work.ts";
import { systemTimers, type Timers } from "./timers.ts";

export type RoomsOptions = {
  store: BoardStore;
  /** How other nodes' commits and presence are heard of; without one this node is alone. */
  bus?: BoardBus;
  /** Milliseconds after which a shared log is asked of its own accord. */
  followEvery?: () => number;
  timers?: Timers;
  /** Where a herd on one board lets others through. */
  turns?: Turns;
  settings?: Partial<RoomSettings>;
  /** A random 32-bit number: the client id of a room's own edits. */
  newClientId?: () => number;
  /** Where a log is folded; without one it is done on the spot. */
  fold?: Fold;
  /** Where a board is made anew; likewise. */
  renew?: Renew;
  report?: (boardId: string, what: string, error: unknown) => void;
};

/** All open boards of this process: one room a board, however many come for it at once. */
export class Rooms {
  readonly counters: SyncCounters = newCounters();
  readonly #rooms = new Map<string, Room>();
  /** All that have not ended, also those that are being closed while their successor is open. */
  readonly #notEnded = new Set<Room>();
  /** Those that have a successor already. */
  readonly #replaced = new Set<Room>();
  readonly #listeners = new Set<(event: CommittedEvent) => void>();
  readonly #store: BoardStore;
  readonly #bus: BoardBus;
  readonly #follower: LogFollower;
  readonly #timers: Timers;
  readonly #turns: Turns;
  readonly #settings: RoomSettings;
  readonly #newClientId: () => number;
  readonly #fold: Fold;
  readonly #renew: Renew;
  readonly #notes = new RenewalNotes();
  readonly #accounts: Accounts;
  readonly #report: (boardId: string, what: string, error: unknown) => void;
  #draining = false;
  #accessVersion = 0;

  constructor(options: RoomsOptions) {
    const {
      store,
      bus = noBus,
      timers = systemTimers,
      turns = new Turns(),
      settings = {},
      newClientId,
      report = () => {},
    } = options;
    this.#store = store;
    this.#bus = bus;
    this.#timers = timers;
    this.#turns = turns;
    this.#follower = new LogFollower({
      store,
      timers,
      open: () => this.#rooms.values(),
      find: (boardId) => this.#rooms.get(boardId),
      interval: options.followEvery ?? (() => 1_500),
      report: (what, error) => report("", what, error),
    });
    if (store.shared) this.#follower.start();
    this.#settings = { ...defaultSettings, ...settings };
    this.#newClientId = newClientId ?? (() => crypto.getRandomValues(new Uint32Array(1))[0] ?? 1);
    this.#report = report;
    this.#accounts = new Accounts(this.#settings.limits);
    this.#fold = options.fold ?? (async (parts, expected) => foldNow(parts, expected));
    this.#renew = options.renew ?? (async (parts, clientId, expected) => renewNow(parts, clientId, expected));
  }

  /** Changes whenever somebody's access may have: what was found out before may not hold any more. */
  get accessVersion(): number {
    return this.#accessVersion;
  }

  /**
   * Hands a socket to its board's room, after authentication and handshake. What the socket says while
   * the board loads is kept, so it may be handed over before the board is there.
   * @returns what closes it because it should not have been let in: nothing it sends counts from then on
   */
  accept(socket: BoardSocket, options: PeerOptions): (name: CloseName) => void {
    if (this.#draining) {
      socket.on("error", () => {});
      socket.close(closeCodes.restart, "restart");
      return () => {};
    }
    return this.#room(options.boardId).attach(socket, options);
  }

  /**
   * An edit of the server's own (import, restore, seed), attributed to `writer`; settles once it is on disk.
   * @throws EditRefused when the board does not take it, NotSaved when it is not on disk
   */
  edit(boardId: string, writer: BoardWriter, edit: (doc: Y.Doc) => void): Promise<Committed> {
    return this.#room(boardId).edit(writer, edit);
  }

  /** The committed board as plain values. @throws when the board cannot be loaded */
  async readBoard(boardId: string): Promise<{ seq: number; view: BoardView }> {
    const room = this.#room(boardId);
    try {
      return await room.read();
    } catch (error) {
      // It was at rest and has ended just now: its successor has the board.
      if (room.state === "closed" && !this.#draining) return this.#room(boardId).read();
      throw error;
    }
  }

  /** Calls back after every commit, in the order of each board's sequence; answers a function that ends it. */
  onCommitted(listener: (event: CommittedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Ends a person's sockets on every board because a session ended or rights changed.
   * @param options.ended sessions that are over: their sockets are told so, and not to come back
   */
  closeResident(residentId: string, name: CloseName, { ended }: { ended?: ReadonlySet<string> } = {}): void {
    this.#accessVersion++;
    for (const room of this.#notEnded) room.closeResident(residentId, name, ended);
  }

  /** Commits what waits, then closes the board and forgets it; it is loaded anew for whoever comes next. */
  async closeBoard(boardId: string, name: CloseName): Promise<void> {
    this.#accessVersion++;
    const room = this.#rooms.get(boardId);
    if (room === undefined) return;
    room.drain();
    await this.#within(this.#settings.commitTimeoutMs, room.quiet());
    room.close(name);
  }

  /**
   * Households or lists of a board came or went: if it is open, it reads them. A closed one does so when it loads.
   * @throws when they cannot be read
   */
  async readPlaces(boardId: string): Promise<void> {
    const room = this.#rooms.get(boardId);
    if (room === undefined) return;
    await room.loaded;
    await room.readPlaces();
  }

  /** Brings every open board level with the log, because the bus may have missed something. */
  async catchUp(): Promise<void> {
    if (this.#store.shared) await this.#follower.askForAll();
  }

  /** The bus is back: shows the other nodes who is here, and asks who is there. Neither is in any log. */
  meetOthers(): void {
    for (const room of this.#rooms.values()) {
      room.audience.showOurs();
      this.#bus.askWhoIsThere(room.boardId);
    }
  }

  /**
   * Shutdown: takes nothing in any more, commits what was received, closes the sockets in slices so that
   * they do not all come back at once, and gives up at the deadline (milliseconds from now).
   * Answers whether everything received was committed.
   */
  async drain({ slices, deadline }: { slices: number; deadline: number }): Promise<{ flushed: boolean }> {
    this.#draining = true;
    this.#follower.stop();
    const rooms = [...this.#notEnded];
    for (const room of rooms) room.drain();
    const flushed = await this.#within(deadline, Promise.all(rooms.map((room) => room.quiet())));
    const sockets = rooms.flatMap((room) => [...room.audience.peers].map((peer) => ({ room, peer })));
    const slice = Math.max(1, Math.ceil(sockets.length / Math.max(1, slices)));
    const pause = deadline / 4 / Math.max(1, slices);
    for (let at = 0; at < sockets.length; at += slice) {
      // Unevenly, so that several nodes that stop one after the other make no rhythm of it.
      if (at > 0) await this.#wait(pause * (0.5 + (this.#newClientId() % 1_000) / 1_000));
      for (const { room, peer } of sockets.slice(at, at + slice)) room.audience.dismiss(peer, "restart");
    }
    const failed = rooms.some((room) => room.state === "failed");
    for (const room of rooms) room.close("restart");
    return { flushed: flushed && !failed };
  }

  #room(boardId: string): Room {
    const open = this.#rooms.get(boardId);
    if (open !== undefined && (open.state === "loading" || open.state === "live")) return open;
    if (open !== undefined && this.#notEnded.has(open)) this.#replaced.add(open);
    const room: Room = new Room(
      boardId,
      {
        store: this.#store,
        bus: this.#bus,
        timers: this.#timers,
        turns: this.#turns,
        settings: this.#settings,
        fold: this.#fold,
        renew: this.#renew,
        notes: this.#notes,
        counters: this.counters,
        accounts: this.#accounts,
        newClientId: this.#newClientId,
        committed: (event) => this.#committed(room, event),
        readLog: (id) => this.#follower.ask(id),
        readPlaces: (id) => this.readPlaces(id),
        late: (event) => this.#late(event),
        renewed: (id, generation) => this.#renewed(id, generation),
        report: this.#report,
      },
      (ended) => {
        this.#notEnded.delete(ended);
        this.#replaced.delete(ended);
        // A room that ends late must not take its successor with it.
        if (this.#rooms.get(boardId) === ended) this.#rooms.delete(boardId);
      },
    );
    this.#rooms.set(boardId, room);
    this.#notEnded.add(room);
    return room;
  }

  #committed(by: Room, event: CommittedEvent): void {
    // No bus brings a node its own words, and a board that is being closed may have its successor open beside it.
    const successor = this.#rooms.get(event.boardId);
    if (successor !== by) successor?.take(event);
    for (const room of this.#replaced) if (room !== by && room.boardId === event.boardId) room.take(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** A tick that a room gave up, and told its clients so, is in the log all the same: its successor has it, or gets it. */
  #late(event: CommittedEvent): void {
    this.#bus.committed(event, event.changes);
    this.#rooms.get(event.boardId)?.take(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** A board was made anew here: rooms that have the old document, on any node, end. */
  #renewed(boardId: string, generation: number): void {
    this.#bus.renewed(boardId, generation);
    this.#rooms.get(boardId)?.renewed(generation);
  }

  async #within(ms: number, work: Promise<unknown>): Promise<boolean> {
    let late = (): void => {};
    const timer = this.#timers.after(ms, () => late());
    const inTime = await Promise.race([
      work.then(() => true),
      new Promise<boolean>((resolve) => {
        late = () => resolve(false);
      }),
    ]);
    timer.cancel();
    return inTime;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers.after(ms, resolve);
    });
  }
}
