import * as Y from "yjs";
import { guardCounts, type UpdateLimits } from "../../shared/board/limits.ts";
import { type BoardView, readBoard } from "../../shared/board/model.ts";
import { EditCopy } from "./edit-copy.ts";
import { ForgottenRuns } from "./forgotten-runs.ts";
import { type GuardVerdict, guard, renewalAccount, serverAccount } from "./guard.ts";
import { worn } from "./guard-counts.ts";
import { declareRoots, PlaceIndex } from "./guard-places.ts";
import { ChangeLedger, reread } from "./ledger.ts";
import { readParts } from "./merge-updates.ts";
import type { BoardAccess, BoardWriter, ClientBinding, ItemChange, StoredBoard } from "./ports.ts";

/** A stored board that cannot be put together; nothing may be written over it. */
export class BoardDamaged extends Error {}

/** An update without structs and deletions. */
const nothingNew = Uint8Array.of(0, 0);

const nothing: BoardAccess = { read: true, ownCell: null, otherCells: false, lists: false, notice: false };
const everything: BoardAccess = { read: true, ownCell: null, otherCells: true, lists: true, notice: true };

/**
 * Yjs reads a value into an array that grows as it reads and then has room for sixteen more: a fifth of what an item
 * takes. Copied, it has room for what is in it.
 */
function trimValues(doc: Y.Doc): void {
  for (const structs of doc.store.clients.values())
    for (const struct of structs)
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentAny)
        struct.content.arr = struct.content.arr.slice();
}

/**
 * The live document of one board with all the guard knows about it. It changes only inside `tick` and by what is
 * committed already; what a tick changed must be committed or the whole document thrown away: a Yjs document cannot
 * go back.
 */
export class BoardDocument {
  readonly doc = new Y.Doc();
  readonly generation: number;
  /** The client id that all of a renewed board was written under; null when the board was never renewed. */
  readonly base: number | null;
  /** It takes something no more, and would if it were renewed. */
  full = false;
  /** It has refused something for its size, and nobody has looked yet whether most of it is gone. */
  seemsFull = false;
  readonly #index = new PlaceIndex(this.doc);
  readonly #bindings = new Map<number, string>();
  readonly #board = { households: new Set<string>(), lists: new Set<string>() };
  #ledger = new ChangeLedger(this.doc);
  readonly #limitBytes: number;
  readonly #shownBy: (clientId: number) => string | undefined;
  /** The client id of the server's own edits in this life of the room. */
  readonly #serverClient: number;
  /** At least the size of the document; measured again when it seems full. */
  #bytes = 0;
  /** Nothing has changed since it was measured. */
  #bytesMeasured = false;
  /** What the tick under way has taken in so far. */
  #taken = 0;
  #newBindings: ClientBinding[] = [];
  readonly #forgotten = new ForgottenRuns();
  #stateVector: Uint8Array | null = null;

  /**
   * Yjs puts a document together in one go: half a second of the main thread for the largest board there may be.
   * @throws BoardDamaged when the log does not fit together
   */
  constructor(
    stored: StoredBoard,
    limitBytes: number,
    newClientId: () => number,
    shownBy: (clientId: number) => string | undefined,
  ) {
    this.#limitBytes = limitBytes;
    this.#shownBy = shownBy;
    this.generation = stored.generation;
    this.#bind(stored.bindings);
    this.base = stored.bindings.find(({ residentId }) => residentId === renewalAccount)?.clientId ?? null;
    let serverClient = newClientId();
    while (this.#bindings.has(serverClient)) serverClient = newClientId();
    this.#serverClient = serverClient;
    this.setPlaces(stored.households, stored.lists);
    const parts = stored.snapshot === null ? stored.updates : [stored.snapshot, ...stored.updates];
    readParts(this.doc, parts);
    for (const part of parts) this.#bytes += part.length;
    if (this.#pending()) throw new BoardDamaged("the log has a hole");
    trimValues(this.doc);
  }

  /** Households and lists come and go while a board is open. */
  setPlaces(households: Iterable<string>, lists: Iterable<string>): void {
    this.#board.households = new Set(households);
    this.#board.lists = new Set(lists);
    declareRoots(this.doc, this.#board.households, this.#board.lists);
  }

  /**
   * Runs `apply` as one Yjs transaction and answers the one update that came out of it with who is behind it, or
   * null when nothing changed. Whatever throws inside leaves the document unusable.
   */
  tick(apply: () => void): { update: Uint8Array; bindings: ClientBinding[] } | null {
    // Made anew before and not after a tick: see #transact.
    this.#ledger = new ChangeLedger(this.doc);
    this.#newBindings = [];
    let update: Uint8Array | null = null;
    const keep = (merged: Uint8Array) => {
      update = merged;
    };
    this.doc.on("update", keep);
    try {
      this.#transact(apply);
    } finally {
      this.doc.off("update", keep);
    }
    const bindings = this.#newBindings;
    this.#taken = 0;
    if (this.#pending()) throw new BoardDamaged("an update stayed pending");
    if (update === null) return null;
    update = this.#forgotten.saidWith(update);
    this.#changed(update);
    return { update, bindings };
  }

  /**
   * Yjs makes the list into which it puts a transaction when the one before has ended, and lets go of it afterwards. By
   * then the list is old for the collector, which looks into old things seldom, and until then holds for alive what
   * they point to: all that a transaction has made. Emptied, it points to nothing.
   */
  #transact(apply: () => void): void {
    const transactions = this.doc._transactionCleanups;
    this.doc.transact(apply);
    if (this.doc._transactionCleanups !== transactions) transactions.length = 0;
  }

  /** Takes in what another node has committed. @throws BoardDamaged when it builds on something that is not here */
  takeCommitted(update: Uint8Array, bindings: readonly ClientBinding[]): void {
    this.#bind(bindings);
    this.#transact(() => Y.applyUpdate(this.doc, update));
    if (this.#pending()) throw new BoardDamaged("a committed update stayed pending");
    this.#changed(update);
  }

  /**
   * Judges a client's update and, when it is allowed, applies it. Only inside `tick`.
   * Without a writer (a kiosk) an update passes only when it changes nothing.
   * @param mayBind whether client ids not seen before may be the writer's; if not, they are refused as foreign
   */
  accept(
    update: Uint8Array,
    writer: BoardWriter | null,
    access: BoardAccess,
    limits: UpdateLimits,
    mayBind = true,
  ): GuardVerdict {
    if (writer === null) return this.#judge(update, "", nothing, limits);
    return this.#accept(update, writer.residentId, writer, access, limits, mayBind);
  }

  /**
   * Runs an edit of the server's own on a copy and answers it as an update, so that an edit that throws
   * leaves the board as it was. Costs what the edit looks at, not what the board holds.
   */
  prepareEdit(edit: (doc: Y.Doc) => void): Uint8Array {
    const copy = new EditCopy(this.doc, this.#serverClient);
    const updates: Uint8Array[] = [];
    copy.on("update", (update) => updates.push(update));
    try {
      copy.transact(() => edit(copy));
    } finally {
      copy.destroy();
    }
    return updates.length === 0 ? nothingNew : Y.mergeUpdates(updates);
  }

  /** Takes over a prepared edit through the same guard as everyone's. Only inside `tick`. */
  acceptEdit(update: Uint8Array, writer: BoardWriter, limits: UpdateLimits): GuardVerdict {
    return this.#accept(update, serverAccount, writer, everything, limits, true);
  }

  /** What was changed since the last call, item by item. Only inside `tick`. */
  takeChanges(): ItemChange[] {
    return this.#ledger.take();
  }

  /** Items written to since the last call that look as before. Only inside `tick`. */
  takeUnseen(): ItemChange[] {
    return this.#ledger.takeUnseen();
  }

  /** Changes of a tick as they look after another node's row. */
  reread(changes: readonly ItemChange[]): ItemChange[] {
    return reread(this.doc, changes);
  }

  stateVector(): Uint8Array {
    this.#stateVector ??= Y.encodeStateVector(this.doc);
    return this.#stateVector;
  }

  clockOf(clientId: number): number {
    return Y.getState(this.doc.store, clientId);
  }

  ownerOf(clientId: number): string | undefined {
    return this.#bindings.get(clientId);
  }

  /** Client ids the document holds structs of: Yjs looks at each of them in every transaction. */
  get clients(): number {
    return this.doc.store.clients.size;
  }

  /** At least its size. */
  get bytes(): number {
    return this.#bytes;
  }

  view(): BoardView {
    return readBoard(this.doc, this.#board.households, this.#board.lists);
  }

  destroy(): void {
    this.doc.destroy();
  }

  #accept(
    update: Uint8Array,
    account: string,
    writer: BoardWriter,
    access: BoardAccess,
    limits: UpdateLimits,
    mayBind: boolean,
  ): GuardVerdict {
    const verdict = this.#judge(update, account, access, limits);
    if (!verdict.ok || !verdict.effect) return verdict;
    if (!mayBind && verdict.newBindings.length > 0)
      return { ok: false, code: "foreign-client", reason: "not-seen-before" };
    const bindings = verdict.newBindings.map((clientId) => ({ clientId, residentId: account }));
    this.#bind(bindings);
    this.#newBindings.push(...bindings);
    const read = this.#ledger.before(verdict.touched, writer);
    const before = verdict.clients.map((client) => ({ client, clock: this.clockOf(client) }));
    Y.applyUpdate(this.doc, verdict.update);
    this.#forgotten.note(this.doc, before);
    this.#taken += verdict.bytes;
    this.#bytesMeasured = false;
    return { ...verdict, cost: verdict.cost + read };
  }

  #judge(update: Uint8Array, account: string, access: BoardAccess, limits: UpdateLimits): GuardVerdict {
    const input = { update, doc: this.doc, index: this.#index, bindings: this.#bindings, account, access };
    const shownBy = this.#shownBy;
    const ask = () => {
      const bytesLeft = this.#limitBytes - this.#bytes - this.#taken;
      return guard({ ...input, shownBy, board: this.#board, limits, bytesLeft });
    };
    const verdict = ask();
    if (!verdict.ok && worn.has(verdict.reason)) this.full = true;
    if (verdict.ok || verdict.reason !== "board-full") return verdict;
    if (this.#bytesMeasured) return verdict;
    // The sum of all updates counts what was removed long ago; only now is it worth measuring.
    this.#bytes = Y.encodeStateAsUpdate(this.doc).length;
    this.#bytesMeasured = true;
    this.#taken = 0;
    const again = ask();
    if (!again.ok && again.reason === "board-full") this.seemsFull = true;
    return { ...again, cost: (again.cost ?? 0) + this.#bytes / guardCounts.bytesEncodedPerStruct };
  }

  #bind(bindings: readonly ClientBinding[]): void {
    for (const { clientId, residentId } of bindings) this.#bindings.set(clientId, residentId);
  }

  #changed(update: Uint8Array): void {
    this.#bytes += update.length;
    this.#bytesMeasured = false;
    this.#stateVector = null;
  }

  #pending(): boolean {
    return this.doc.store.pendingStructs !== null || this.doc.store.pendingDs !== null;
  }
}
