import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { cellRoot } from "../../shared/board/layout.ts";
import { editNotice } from "../../shared/board/list-rules.ts";
import { readCell } from "../../shared/board/model.ts";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { craft } from "../sync/craft.ts";
import type { Chance } from "./chance.ts";
import { simDoc } from "./sim-doc.ts";
import type { LineClient, SimLine } from "./sim-line.ts";

export type AttackKind =
  /** An item in another household's cell, a change of one there, the removal of one there. */
  | "foreign-cell"
  | "foreign-edit"
  | "foreign-delete"
  /** Structs under a client id that writes for somebody else. */
  | "foreign-client"
  /** The notice without the right. */
  | "notice"
  /** A client id taken that somebody shows and has not written under yet. */
  | "squat"
  /** One client id and clock with different contents, to two nodes at once. */
  | "equivocate"
  | "malformed"
  /** An update without the one before it. */
  | "orphan";

/** What an attacker knows of the board, and where it lives itself. */
export type Scene = {
  kind: AttackKind;
  chance: Chance;
  ownCell: string;
  households: readonly string[];
  /** The client ids that other people's devices write under or will. */
  victims: readonly number[];
  /** A word that no board may ever take, and one that this attacker may write in its own cell. */
  evilWord(): string;
  ownWord(): string;
};

/** The bytes of one attack, made on a copy of the board as the attacker has it. */
export function attackFrames(scene: Scene, copy: Y.Doc): Uint8Array[] {
  const { kind, chance, ownCell } = scene;
  const draft = (title: string) => ({ title, category: "tools", note: "", quantity: 1 });
  const cell = chance.pick(scene.households.filter((household) => household !== ownCell));
  const before = Y.encodeStateVector(copy);
  const made = () => [updateFrame(Y.encodeStateAsUpdate(copy, before))];
  switch (kind) {
    case "foreign-cell":
      addItem(copy, cell, `x${chance.between(0, 9)}`, draft(scene.evilWord()));
      return made();
    case "foreign-edit": {
      const item = readCell(copy, cell)[0];
      if (item === undefined) return [];
      editItem(copy, cell, item.id, { title: scene.evilWord() });
      return made();
    }
    case "foreign-delete": {
      const item = readCell(copy, cell)[0];
      if (item === undefined) return [];
      removeItem(copy, cell, item.id);
      return made();
    }
    case "foreign-client": {
      const client = chance.pick(scene.victims);
      const clock = Y.getState(copy.store, client);
      if (clock === 0) return [];
      const content = chance.pick([{ gc: 1 }, { type: 1 }]);
      const struct = "gc" in content ? { content } : { root: cellRoot(ownCell), sub: "evil", content };
      return [updateFrame(craft([{ client, clock, structs: [struct] }]))];
    }
    case "notice":
      editNotice(copy, `都归我 ${scene.evilWord()}`);
      return made();
    case "squat":
      copy.clientID = chance.pick(scene.victims);
      if (Y.getState(copy.store, copy.clientID) > 0) return [];
      addItem(copy, ownCell, `s${chance.between(0, 9)}`, draft(scene.ownWord()));
      return made();
    case "equivocate":
      addItem(copy, ownCell, `q${chance.between(0, 9)}`, draft(scene.ownWord()));
      return made();
    case "malformed":
      return [Uint8Array.from({ length: chance.between(0, 40) }, () => chance.between(0, 40))];
    case "orphan": {
      addItem(copy, ownCell, `o${chance.between(0, 9)}`, draft(scene.evilWord()));
      const middle = Y.encodeStateVector(copy);
      addItem(copy, ownCell, `p${chance.between(0, 9)}`, draft(scene.evilWord()));
      return [updateFrame(Y.encodeStateAsUpdate(copy, middle))];
    }
  }
}

/** One connection of an attacker: it behaves until it has the board, and then sends what it came to send. */
export class AttackVisit implements LineClient {
  readonly doc: Y.Doc;
  line: SimLine | null = null;
  readonly #ready: (visit: AttackVisit) => void;

  constructor(clientId: number, ready: (visit: AttackVisit) => void) {
    this.doc = simDoc(clientId);
    this.#ready = ready;
  }

  opened(): void {
    this.line?.send(syncFrame(syncMessage.stepOne, Uint8Array.of(0)));
  }

  heard(frame: Uint8Array): void {
    const from = decoding.createDecoder(frame);
    if (decoding.readVarUint(from) !== yjsMessage.sync) return;
    const kind = decoding.readVarUint(from);
    const payload = decoding.readVarUint8Array(from);
    if (kind === syncMessage.stepOne) {
      this.line?.send(syncFrame(syncMessage.stepTwo, Uint8Array.of(0, 0)));
      return;
    }
    Y.applyUpdate(this.doc, payload, this);
    if (kind === syncMessage.stepTwo) this.#ready(this);
  }

  closed(): void {}
}

const updateFrame = (update: Uint8Array): Uint8Array => syncFrame(syncMessage.update, update);

function syncFrame(kind: number, payload: Uint8Array): Uint8Array {
  const out = encoding.createEncoder();
  encoding.writeVarUint(out, yjsMessage.sync);
  encoding.writeVarUint(out, kind);
  encoding.writeVarUint8Array(out, payload);
  return encoding.toUint8Array(out);
}
