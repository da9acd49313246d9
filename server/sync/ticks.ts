import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { Turns } from "../turns.ts";
import type { Accounts } from "./accounts.ts";
import type { Audience } from "./audience.ts";
import type { SyncCounters } from "./counters.ts";
import type { BoardDocument } from "./document.ts";
import type { Fold } from "./fold.ts";
import type { Inbox } from "./inbox.ts";
import type { Peer } from "./peer.ts";
import type { BoardBus, BoardStore, ClientBinding, CommittedEvent, LogRow } from "./ports.ts";
import type { Renew } from "./renewal.ts";
import type { RenewalNotes } from "./renewal-notes.ts";
import type { SyncReplies } from "./replies.ts";
import { SecondLook } from "./second-look.ts";
import { type BoardSequence, NotSaved } from "./sequence.ts";
import { type RoomSettings, tickFor } from "./settings.ts";
import { TickWork, type Waiting } from "./tick-work.ts";
import type { Timer, Timers } from "./timers.ts";

export type RoomState = "loading" | "live" | "draining" | "failed" | "closed";

/** What a room needs from outside. */
export type RoomPorts = {
  store: BoardStore;
  bus: BoardBus;
  timers: Timers;
  /** Shared by all boards of this node, and by those who connect. */
  turns: Turns;
  settings: RoomSettings;
  counters: SyncCounters;
  /** The people with board sockets on this node. */
  accounts: Accounts;
  fold: Fold;
  renew: Renew;
  /** What this node knows of boards that are to be made anew, or not. */
  notes: RenewalNotes;
  /** A fresh random client id for the server's own edits. */
  newClientId: () => number;
  /** After each commit of this node, in the order of `seq`. */
  committed: (event: CommittedEvent) => void;
  /** Brings this board level with the log. */
  readLog: (boardId: string) => Promise<void>;
  /** Reads which households and lists this board has. */
  readPlaces: (boardId: string) => Promise<void>;
  /** This node has made the board anew: whoever has the old document open must come back. */
  renewed: (boardId: string, generation: number) => void;
  /** A commit of a room that has given it up turned out to be stored. */
  late: (event: CommittedEvent) => void;
  /** Something that should not happen; for the log. Never called with contents of a board. */
  report: (boardId: string, what: string, error: unknown) => void;
};

/** A board that is loaded. */
export class OpenBoard {
  readonly document: BoardDocument;
  readonly replies: SyncReplies;
  readonly sequence: BoardSequence;
  readonly #noteBytes: (bytes: number) => void;

  constructor(
    document: BoardDocument,
    replies: SyncReplies,
    sequence: BoardSequence,
    noteBytes: (bytes: number) => void,
  ) {
    this.document = document;
    this.replies = replies;
    this.sequence = sequence;
    this.#noteBytes = noteBytes;
  }

  /** One more row is committed and in the document. */
  noteRow(update: Uint8Array): void {
    this.replies.note(update, this.sequence.seq);
    this.#noteBytes(update.length);
  }
}

/** An update without structs and deletions. */
const saysNothing = (waiting: Waiting): boolean =>
  waiting.kind === "message" && waiting.update.length === 2 && waiting.update.every((byte) => byte === 0);

type TickHooks = {
  open(): OpenBoard | null;
  state(): RoomState;
  dismiss(peer: Peer, name: CloseName): void;
  /** A tick is done, well. */
  settled(): void;
  /** What the document holds may not be seen: the board must be loaded anew. */
  failed(): void;
};

/** Turns what waits in a room into ticks: one transaction, one commit, then one frame to each peer. */
export class RoomTicks {
  readonly #boardId: string;
  readonly #ports: RoomPorts;
  readonly #audience: Audience;
  readonly #inbox: Inbox;
  readonly #hooks: TickHooks;
  readonly #secondLook: SecondLook;
  #last = Number.NEGATIVE_INFINITY;
  #timer: Timer | null = null;

  constructor(boardId: string, ports: RoomPorts, audience: Audience, inbox: Inbox, hooks: TickHooks) {
    this.#boardId = boardId;
    this.#ports = ports;
    this.#audience = audience;
    this.#inbox = inbox;
    this.#hooks = hooks;
    this.#secondLook = new SecondLook({
      refresh: async () => {
        await Promise.all([ports.readLog(boardId), ports.readPlaces(boardId)]);
      },
      putBack: (messages) => inbox.putBack(messages),
      // Nothing may have been left to put back, and then no tick comes of it.
      settled: () => hooks.settled(),
      giveUp: (peer) => hooks.dismiss(peer, "unavailable"),
    });
  }

  /** Something waits for a tick. */
  get busy(): boolean {
    return this.#inbox.length > 0 || this.#secondLook.busy;
  }

  /** Ticks now when the room was idle or much waits, else when the last tick is long enough ago. */
  wake(): void {
    const open = this.#hooks.open();
    if (open === null || open.sequence.committing || this.#inbox.length === 0) return;
    const { timers, settings } = this.#ports;
    const wait = this.#last + tickFor(this.#audience.peers.size, settings) - this.#now();
    const now = wait <= 0 || this.#inbox.bytes >= settings.tickBytes || this.#hooks.state() === "draining";
    if (now) this.#tick(open);
    else {
      this.#timer ??= timers.after(wait, () => {
        this.#timer = null;
        const still = this.#hooks.open();
        if (still !== null && !still.sequence.committing) this.#tick(still);
      });
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #tick(open: OpenBoard): void {
    this.stop();
    const { counters, report, store } = this.#ports;
    counters.ticks++;
    const batch = this.#inbox.takeAll();
    const work = new TickWork(this.#now(), store.shared);
    let result: { update: Uint8Array; bindings: ClientBinding[] } | null;
    try {
      // Everyone who comes with nothing says so; it is worth no transaction of Yjs.
      if (batch.every(saysNothing)) {
        work.applyAll(open.document, batch);
        result = null;
      } else result = open.document.tick(() => work.applyAll(open.document, batch));
    } catch (error) {
      // Something got past the guard and broke the document. Nobody has seen it; whose it was may not return.
      report(this.#boardId, "tick", error);
      if (work.current?.kind === "message") this.#hooks.dismiss(work.current.peer, "malformed");
      this.#fail(work, error, batch);
      return;
    }
    for (const { peer, name } of work.refused) this.#hooks.dismiss(peer, name);
    this.#secondLook.take(work.later);
    if (result === null) this.#settle(open, work, null);
    else this.#commit(open, work, result);
  }

  #commit(
    open: OpenBoard,
    work: TickWork,
    { update, bindings }: { update: Uint8Array; bindings: ClientBinding[] },
  ): void {
    const { counters } = this.#ports;
    const started = this.#now();
    this.#last = started;
    open.sequence.commit({ update, bindings, changes: work.changes }, work, (error) => {
      counters.commitMs += this.#now() - started;
      if (error !== null) {
        this.#fail(work, error);
        return;
      }
      counters.commits++;
      open.noteRow(update);
      this.#settle(open, work, { boardId: this.#boardId, seq: open.sequence.seq, update, bindings });
    });
  }

  /** After the commit, or at once when there was nothing to commit: now everyone may know. */
  #settle(open: OpenBoard, work: TickWork, row: LogRow | null): void {
    const { bus, committed, report } = this.#ports;
    const { changes, edits, resync } = work;
    if (row !== null) bus.committed(row, changes);
    const state = this.#hooks.state();
    if (state === "live" || state === "draining") {
      this.#audience.tell(open.document, row?.update ?? null, work);
      for (const peer of resync) this.#audience.askAgain(open.document, peer);
    }
    if (row !== null) {
      try {
        committed({ ...row, changes });
      } catch (error) {
        report(this.#boardId, "listener", error);
      }
    }
    for (const { done, changes: own } of edits)
      done({ ok: true, committed: { seq: open.sequence.seq, changes: own } });
    this.#hooks.settled();
  }

  #fail(work: TickWork, error: unknown, batch: readonly Waiting[] = []): void {
    // A tick that broke off has them in its batch, one that was not saved in its work; some are in both.
    const failed = new Set(
      [...work.edits, ...batch.filter((waiting) => waiting.kind === "edit")].map(({ done }) => done),
    );
    for (const done of failed) done({ ok: false, error: new NotSaved("not saved", { cause: error }) });
    this.#hooks.failed();
  }

  #now(): number {
    return this.#ports.timers.now();
  }
}
