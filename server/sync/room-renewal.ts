import * as Y from "yjs";
import type { BoardDocument } from "./document.ts";
import type { BoardRenewal, StoredBoard } from "./ports.ts";
import { isRenewalDue, isRenewalOverdue, makeAnew, type RenewingPorts, replace } from "./renewing.ts";

type Hooks = {
  /** The room has not ended and is not about to. */
  live(): boolean;
  /** Nobody is here, and nothing is on its way. */
  atRest(): boolean;
  /** Whether nobody is on this board at another node either. */
  nobodyElsewhere(): Promise<boolean>;
  /** Somebody has come, or something: another time. */
  disturbed(): void;
  /** From now on the room takes nobody in. */
  shut(): void;
  end(): void;
  /** The document is known to be full of what is gone. */
  foundFull(): void;
};

/**
 * When the board of one room is made anew. What that takes is done on the folding thread with what is stored, and the
 * room stays open meanwhile: the new document is put in its place only if nothing has been committed since.
 */
export class RoomRenewal {
  readonly #boardId: string;
  readonly #ports: RenewingPorts;
  readonly #hooks: Hooks;
  /** It is worked on: the room is not at rest yet. */
  running = false;
  /** The room takes nothing more, and ends when what it has taken is committed. */
  due = false;

  constructor(boardId: string, ports: RenewingPorts, hooks: Hooks) {
    this.#boardId = boardId;
    this.#ports = ports;
    this.#hooks = hooks;
  }

  /**
   * Whoever is there must come back, and the board is renewed while it is loaded for them. Takes nothing more in from
   * then on: with steady traffic there would always be something left to commit.
   */
  isDue(document: BoardDocument, openFor: number): boolean {
    const { settings, notes } = this.#ports;
    if (!this.due && openFor >= settings.renewOpenMs && isRenewalOverdue(document, settings)) {
      this.due = true;
      notes.handOn(this.#boardId, document.generation);
    }
    return this.due;
  }

  /** Has it found out whether a board that refuses for its size is full of what is gone. */
  lookIfFull(document: BoardDocument): void {
    if (!document.seemsFull || document.full || this.running) return;
    document.seemsFull = false;
    if (!this.#isWhole(document)) void this.#look(document);
  }

  async #look(document: BoardDocument): Promise<void> {
    this.running = true;
    const made = await this.#make(document, null);
    this.running = false;
    if (made === null || !made.mostlyGone || !this.#hooks.live()) return;
    document.full = true;
    this.#hooks.foundFull();
  }

  /** Nobody has been here for a while: renews the board if that is worth it, and ends the room. */
  rest(document: BoardDocument, seq: number): void {
    const { settings } = this.#ports;
    const due = isRenewalDue(document, settings);
    if (!due && (document.bytes < settings.renewBytes || this.#isWhole(document))) this.#hooks.end();
    else void this.#rest(document, seq, due);
  }

  async #rest(document: BoardDocument, seq: number, due: boolean): Promise<void> {
    this.running = true;
    const renewal = await this.#worthIt(document, seq, due);
    this.running = false;
    if (!this.#hooks.live()) return;
    if (!this.#hooks.atRest()) {
      this.#hooks.disturbed();
      return;
    }
    if (renewal === null) {
      this.#hooks.end();
      return;
    }
    this.#hooks.shut();
    const done = await replace(this.#boardId, renewal, this.#ports);
    this.#hooks.end();
    if (done) this.#ports.renewed(this.#boardId, renewal.generation + 1);
  }

  async #worthIt(document: BoardDocument, seq: number, due: boolean): Promise<BoardRenewal | null> {
    if (this.#ports.store.shared) {
      const alone = await this.#hooks.nobodyElsewhere();
      if (!alone || !this.#hooks.live() || !this.#hooks.atRest()) return null;
    }
    const made = await this.#make(document, { seq, reads: Y.encodeSnapshot(Y.snapshot(document.doc)) });
    return made !== null && (due || made.mostlyGone) ? made.renewal : null;
  }

  /** @param as which it must still be stored: its last commit, and what it reads as (a Yjs snapshot); null for any */
  async #make({ generation }: BoardDocument, as: { seq: number; reads: Uint8Array } | null) {
    const stored = await this.#load();
    if (stored === null || stored.generation !== generation) return null;
    if (as !== null && stored.seq !== as.seq) return null;
    const made = await makeAnew(this.#boardId, stored, as?.reads ?? null, this.#ports);
    if (made !== null && !made.mostlyGone) this.#ports.notes.foundWhole(this.#boardId, stored, made.bytes);
    return made;
  }

  async #load(): Promise<StoredBoard | null> {
    const { store, report } = this.#ports;
    try {
      return await store.load(this.#boardId);
    } catch (error) {
      report(this.#boardId, "renewal", error);
      return null;
    }
  }

  #isWhole({ generation }: BoardDocument): boolean {
    return this.#ports.notes.isWhole(this.#boardId, generation);
  }
}
