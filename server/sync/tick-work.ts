import type * as Y from "yjs";
import { incrementLimits, serverEditLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { BoardDocument } from "./document.ts";
import type { GuardCode, GuardVerdict } from "./guard.ts";
import type { Peer } from "./peer.ts";
import type { BoardWriter, ItemChange } from "./ports.ts";
import { isOldCopy } from "./renewal.ts";

export type Committed = { seq: number; changes: ItemChange[] };

/** What waits in a room's queue for the next tick. */
export type Message = {
  kind: "message";
  peer: Peer;
  update: Uint8Array;
  stepTwo: boolean;
  upTo: number;
  /** Judged once already, before the log was read. */
  again: boolean;
};
export type Waiting =
  | Message
  | { kind: "edit"; writer: BoardWriter; edit: (doc: Y.Doc) => void; done: (outcome: EditOutcome) => void };

export type EditOutcome = { ok: true; committed: Committed } | { ok: false; error: Error };

/** An edit of the server's own that the board does not take. */
export class EditRefused extends Error {
  readonly code: GuardCode;

  constructor(code: GuardCode, reason: string) {
    super(`${code}: ${reason}`);
    this.code = code;
  }
}

/** Refusals of what another node may have taken already, from whoever brings it here. */
const mayBuildOnOthers: ReadonlySet<GuardCode> = new Set(["foreign-client", "forbidden", "out-of-step"]);

/** What asking the database twice for one message counts as, in new structs (see `workPerSecond`). */
const secondLookCost = 200;

/** A line of history without what stood there, bytes: who, where and when. */
const lineBytes = 150;

/** About as many as the values take as text, bytes. */
function bytesOf(values: ItemChange["before"]): number {
  let bytes = 0;
  for (const value of Object.values(values ?? {}))
    bytes += 15 + (typeof value === "string" ? value.length * 3 : 0);
  return bytes;
}

export type Saved = { upTo: number; clients: Set<number> };

/** What one tick did, kept until its commit is known. */
export class TickWork {
  readonly changes: ItemChange[] = [];
  /** Items written to that look as before. */
  readonly unseen: ItemChange[] = [];
  /** Client ids with new structs in this tick. */
  readonly clients = new Set<number>();
  /** Peers whose frames this tick made durable: how many, and the client ids they wrote under. */
  readonly saved = new Map<Peer, Saved>();
  /** Everyone whose message changed something; null stands for the server's own edits. */
  readonly authors = new Set<Peer | null>();
  readonly refused: { peer: Peer; name: CloseName; reason: string }[] = [];
  readonly resync: Peer[] = [];
  /** What is to be judged again when the log has been read. */
  readonly later: Message[] = [];
  readonly edits: { done: (outcome: EditOutcome) => void; changes: ItemChange[] }[] = [];
  /** The message under way, to know whose it was if it breaks the document. */
  current: Waiting | null = null;

  readonly #now: number;
  readonly #shared: boolean;

  /** @param shared whether other nodes may have committed what is not in this document yet */
  constructor(now: number, shared: boolean) {
    this.#now = now;
    this.#shared = shared;
  }

  /** Applies what waits, in its order. Only inside the document's tick. */
  applyAll(document: BoardDocument, batch: readonly Waiting[]): void {
    for (const waiting of batch) this.apply(document, waiting);
    this.changes.push(...document.takeChanges());
    this.unseen.push(...document.takeUnseen());
    this.#chargeHistory();
  }

  /** Every change is kept with what was there before: an edit of a few bytes may leave a thousand. */
  #chargeHistory(): void {
    const authors = new Map<string | undefined, Peer>();
    for (const peer of this.authors) if (peer !== null) authors.set(peer.options.writer?.residentId, peer);
    for (const { residentId, before, after } of this.changes)
      authors.get(residentId)?.chargeHistory(lineBytes + bytesOf(before) + bytesOf(after), this.#now);
  }

  /** Applies one waiting message or edit. Only inside the document's tick. */
  apply(document: BoardDocument, waiting: Waiting): void {
    this.current = waiting;
    if (waiting.kind === "edit") this.#applyEdit(document, waiting);
    else this.#applyMessage(document, waiting);
    this.current = null;
  }

  #applyMessage(document: BoardDocument, waiting: Message): void {
    const { peer, update, stepTwo, upTo } = waiting;
    if (peer.heldBack) {
      this.later.push(waiting);
      return;
    }
    peer.queuedMessages--;
    peer.queuedBytes -= update.length;
    if (peer.revoked || (peer.awaitsStepTwo && !stepTwo)) return;
    // It may be judged before its sync step 1 is answered: what is new in an old copy is nothing but what was renewed.
    if (peer.waitingStepOne !== null && isOldCopy(peer.waitingStepOne, document.base)) {
      this.#dismiss(peer, "board-renewed", "an old copy");
      return;
    }
    const { writer, access } = peer.options;
    const limits = stepTwo ? stepTwoLimits : incrementLimits;
    // It was received before it was known what others of this person's messages in this tick would cost.
    if (peer.owes(this.#now)) {
      this.#dismiss(peer, "rate-limited", "work");
      return;
    }
    // What somebody brings along may be another's, committed on the node they come from and not read here yet.
    const mayBind = !this.#shared || !stepTwo || waiting.again;
    const verdict = document.accept(update, writer, access, limits, mayBind);
    if (!verdict.ok) {
      this.#refuse(waiting, verdict);
      return;
    }
    if (stepTwo) peer.awaitsStepTwo = false;
    const saved = this.saved.get(peer) ?? { upTo, clients: new Set<number>() };
    saved.upTo = upTo;
    for (const client of verdict.clients) {
      saved.clients.add(client);
      this.clients.add(client);
    }
    this.saved.set(peer, saved);
    const { cost: work, growth, newBindings, effect } = verdict;
    if (!effect) {
      peer.chargeWork(work, this.#now);
      return;
    }
    this.authors.add(peer);
    if (!peer.mayCost({ work, growth, newClients: newBindings.length }, this.#now))
      this.#dismiss(peer, "rate-limited", "work");
  }

  #applyEdit(document: BoardDocument, { writer, edit, done }: Waiting & { kind: "edit" }): void {
    let update: Uint8Array;
    try {
      update = document.prepareEdit(edit);
    } catch (error) {
      done({ ok: false, error: error instanceof Error ? error : new Error(String(error)) });
      return;
    }
    // Its changes are its own, apart from those of the same tick.
    this.changes.push(...document.takeChanges());
    const verdict = document.acceptEdit(update, writer, serverEditLimits);
    if (!verdict.ok) {
      done({ ok: false, error: new EditRefused(verdict.code, verdict.reason) });
      return;
    }
    if (verdict.effect) this.authors.add(null);
    for (const client of verdict.clients) this.clients.add(client);
    const changes = document.takeChanges();
    this.changes.push(...changes);
    this.edits.push({ done, changes });
  }

  /**
   * An increment that lacks something may be honest (a second tab was ahead of the first): the peer is
   * asked for all it has. A sync step 2 is all it has, and is final.
   */
  #refuse(waiting: Message, verdict: GuardVerdict & { ok: false }): void {
    const { peer, update, stepTwo } = waiting;
    if (verdict.cost !== undefined) peer.chargeWork(verdict.cost, this.#now);
    if (this.#shared && !waiting.again && mayBuildOnOthers.has(verdict.code)) {
      if (!peer.mayAsk(secondLookCost, this.#now)) {
        this.#dismiss(peer, "rate-limited", "second looks");
        return;
      }
      peer.heldBack = true;
      peer.queuedMessages++;
      peer.queuedBytes += update.length;
      waiting.again = true;
      this.later.push(waiting);
      return;
    }
    if (verdict.code === "out-of-step" && !stepTwo) {
      peer.awaitsStepTwo = true;
      this.resync.push(peer);
      return;
    }
    this.#dismiss(peer, verdict.code, verdict.reason);
  }

  #dismiss(peer: Peer, name: CloseName, reason: string): void {
    peer.revoked = true;
    this.refused.push({ peer, name, reason });
  }
}
