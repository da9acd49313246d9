import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { BoardDocument } from "../../server/sync/document.ts";
import { contradictions } from "../../server/sync/same-structs.ts";
import { stepTwoLimits } from "../../shared/board/limits.ts";
import { addEntry, editEntry, editNotice, removeEntry } from "../../shared/board/list-rules.ts";
import { readCell, readList } from "../../shared/board/model.ts";
import { addItem, editItem, moveItem, removeItem } from "../../shared/board/rules.ts";
import { writerOf } from "./board-server.ts";
import { type CraftedDelete, type CraftedStruct, craft } from "./craft.ts";
import { draft, residentOf } from "./guarded-board.ts";
import { seeded } from "./hostile.ts";

type Chance = () => number;
/** How a race ends for who comes second: is told of a contradiction, holds what the log holds, or holds something else. */
type Outcome = "contradiction" | "same" | "apart" | "no race";
type Sent = { residentId: string; update: Uint8Array };

/** The client ids of what stands there already, of the other phone, and of whoever goes from node to node. */
const [furniture, otherPhone, traveller, travellerToo] = [50, 88, 77, 78];
const bindings = [
  { clientId: furniture, residentId: "r2" },
  { clientId: otherPhone, residentId: "r1b" },
  { clientId: traveller, residentId: "r1" },
  { clientId: travellerToo, residentId: "r1" },
];

/** A node that has read these rows. */
class Node {
  readonly board: BoardDocument;

  constructor(rows: readonly Uint8Array[]) {
    const stored = { seq: 0, generation: 0, snapshot: null, updates: [], bindings };
    this.board = new BoardDocument(
      { ...stored, households: ["h1"], lists: ["garden"] },
      8_000_000,
      () => 999,
      () => undefined,
    );
    this.read(rows);
  }

  read(rows: readonly Uint8Array[]): void {
    for (const row of rows) this.board.takeCommitted(row, []);
  }

  /** One tick; null when something in it is refused, or nothing comes of it. */
  tick(sent: readonly Sent[]): Uint8Array | null {
    let refused = false;
    const access = { ...residentOf("h1"), notice: true };
    const tick = this.board.tick(() => {
      for (const { residentId, update } of sent)
        if (!this.board.accept(update, writerOf(residentId, "h1"), access, stepTwoLimits).ok) refused = true;
    });
    return refused ? null : (tick?.update ?? null);
  }

  /** Where each unit stands, and what is left of it. The order in a list is Yjs's own affair. */
  anatomy(): string[] {
    const units: string[] = [];
    for (const [client, structs] of this.board.doc.store.clients)
      for (const struct of structs)
        for (let at = 0; at < struct.length; at++)
          units.push(`${client}:${struct.id.clock + at} ${anatomyOf(struct)}`);
    return units.sort();
  }
}

function anatomyOf(struct: Y.Item | Y.GC): string {
  if (!(struct instanceof Y.Item) || !(struct.parent instanceof Y.AbstractType)) return "empty";
  const parent = struct.parent._item?.id ?? Y.findRootTypeKey(struct.parent);
  return JSON.stringify([parent, struct.parentSub, struct.deleted]);
}

/** The second node's tick is on its way while it reads these rows, and is then stored behind them. */
function race(
  { second, tick, read }: { second: Node; tick: Uint8Array; read: readonly Uint8Array[] },
  rows: readonly Uint8Array[],
): Outcome {
  for (const row of rows) {
    if (contradictions(row, tick, second.board.doc).length > 0) return "contradiction";
    second.read([row]);
  }
  const cold = new Node([...read, ...rows, tick]);
  return cold.anatomy().join() === second.anatomy().join() ? "same" : "apart";
}

function pick<T>(chance: Chance, values: readonly T[]): T {
  const value = values[Math.floor(chance() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

/** A page, and what it sends. */
class Device {
  readonly doc = new Y.Doc();
  readonly sent: Uint8Array[] = [];
  readonly #wayBack: Y.UndoManager;

  constructor(clientId: number, rows: readonly Uint8Array[]) {
    this.hear(rows);
    this.doc.clientID = clientId;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "heard") this.sent.push(update);
    });
    const scope = [this.doc.getMap("cell:h1"), this.doc.getArray("list:garden")];
    this.#wayBack = new Y.UndoManager(scope, { captureTimeout: 0 });
  }

  hear(rows: readonly Uint8Array[]): void {
    for (const row of rows) Y.applyUpdate(this.doc, row, "heard");
  }

  /** Some edits of a person, none of which knows what is to come of it. */
  edit(chance: Chance, most: number): void {
    for (let left = Math.floor(chance() * (most + 1)); left > 0; left--) this.#editOnce(chance);
  }

  #editOnce(chance: Chance): void {
    const { doc } = this;
    const number = Math.floor(chance() * 1e6);
    const item = [...readCell(doc, "h1")][number % 3]?.id ?? "a";
    const entry = [...readList(doc, "garden")][number % 3]?.id ?? "e0";
    pick(chance, [
      () => addItem(doc, "h1", pick(chance, ["a", "b", "c"]), draft(`锅 ${number}`)),
      () => editItem(doc, "h1", item, { note: `旧 ${number}`, quantity: 1 + (number % 9) }),
      () => editItem(doc, "h1", item, { title: `碗 ${number}` }),
      () => moveItem(doc, "h1", item, null),
      () => removeItem(doc, "h1", item),
      () => addEntry(doc, "garden", `e${number}`, `浇水 ${number}`),
      () => editEntry(doc, "garden", entry, { text: `施肥 ${number}` }),
      () => removeEntry(doc, "garden", entry),
      () => editNotice(doc, `今天${number}大扫除`),
      () => this.#wayBack.undo(),
      () => this.#wayBack.redo(),
    ])();
  }
}

/** What stands on the board, and what another phone of the household makes of it on a third node meanwhile. */
function scene(chance: Chance): { rows: Uint8Array[]; meanwhile: Uint8Array[]; sent: Sent[] } {
  const first = new Device(furniture, []);
  addItem(first.doc, "h1", "a", draft("锅"));
  addEntry(first.doc, "garden", "e0", "浇水");
  addEntry(first.doc, "garden", "e1", "借梯子");
  editNotice(first.doc, "今天大扫除");
  first.edit(chance, 4);
  const rows = [Y.encodeStateAsUpdate(first.doc)];
  const phone = new Device(otherPhone, rows);
  phone.edit(chance, 4);
  const third = new Node(rows);
  const sent = phone.sent.map((update) => ({ residentId: "r1b", update }));
  return { rows, meanwhile: sent.flatMap((one) => third.tick([one]) ?? []), sent };
}

/** Somebody writes at one node and goes on to another, which knows more than the first or less. */
function honestRace(seed: number): Outcome {
  const chance = seeded(seed);
  const { rows, meanwhile, sent } = scene(chance);
  const device = new Device(traveller, rows);
  device.edit(chance, 5);
  const early = device.sent.map((update) => ({ residentId: "r1", update }));
  const heard = chance() < 0.7;
  if (heard) device.hear(meanwhile);
  device.edit(chance, 3);
  const [here, there] = [new Node(rows), new Node(rows)];
  // The first node has the other phone's edits in the same tick, or does not know of them.
  const together = chance() < 0.3;
  const one = here.tick([...(together ? sent : []), ...early]);
  const knows = heard && chance() < 0.8;
  if (knows) there.read(meanwhile);
  const all = Y.encodeStateAsUpdate(device.doc, Y.encodeStateVector(there.board.doc));
  const other = there.tick([{ residentId: "r1", update: all }]);
  if (one === null || other === null) return "no race";
  if (chance() < 0.5) {
    const read = knows ? [...rows, ...meanwhile] : rows;
    return race({ second: there, tick: other, read }, [...(knows || together ? [] : meanwhile), one]);
  }
  return race({ second: here, tick: one, read: rows }, [...(together && !knows ? [] : meanwhile), other]);
}

/** Somebody sends two nodes different things under the same numbers, as far as the guard lets them. */
function hostileRace(seed: number): Outcome {
  const chance = seeded(seed);
  const { rows, meanwhile } = scene(chance);
  const [here, there] = [new Node(rows), new Node(rows)];
  const sent = hostileUpdates(chance, rows, []);
  const alike = sent.slice(0, Math.floor(chance() * (sent.length + 1)));
  const one = here.tick(sent);
  const other = there.tick(hostileUpdates(chance, rows, alike));
  if (one === null || other === null) return "no race";
  return race({ second: there, tick: other, read: rows }, [...meanwhile, one]);
}

/** What somebody sends behind `begun`. Each is tried first, so that nothing is refused. */
function hostileUpdates(chance: Chance, rows: readonly Uint8Array[], begun: readonly Sent[]): Sent[] {
  const trial = new Node(rows);
  const sent = [...begun];
  trial.tick(sent);
  const clockOf = (client: number) => Y.getState(trial.board.doc.store, client);
  for (let tries = 0; tries < 40 && sent.length < 5; tries++) {
    const anId = (): [client: number, clock: number] => {
      const client = pick(
        chance,
        [furniture, furniture, traveller, travellerToo].filter((one) => clockOf(one) > 0),
      );
      return [client, Math.floor(chance() * clockOf(client))];
    };
    const client = pick(chance, [traveller, traveller, travellerToo]);
    const content = pick<CraftedStruct["content"]>(chance, [
      { gc: pick(chance, [1, 2]) },
      { deleted: pick(chance, [1, 2]) },
      { type: 1 },
      { any: ["x"] },
      { text: "字句" },
    ]);
    const place = pick<Partial<CraftedStruct>>(chance, [
      { root: "list:garden" },
      { root: "cell:h1", sub: "a" },
      { root: "notice" },
      { origin: anId() },
      { rightOrigin: anId() },
      { parent: anId(), sub: pick(chance, ["title", "note", "text"]) },
    ]);
    const deletes: CraftedDelete[] = chance() < 0.3 ? [{ client: furniture, ranges: [[anId()[1], 1]] }] : [];
    const structs = ["gc" in content ? { content } : { ...place, content }];
    const update = craft([{ client, clock: clockOf(client), structs }], deletes);
    if (trial.tick([{ residentId: "r1", update }]) !== null) sent.push({ residentId: "r1", update });
  }
  return sent;
}

/** How many seeds end how, and which end worst. */
function tally(run: (seed: number) => Outcome, seeds: number) {
  const ends: Record<Outcome, number[]> = { contradiction: [], same: [], apart: [], "no race": [] };
  for (let seed = 1; seed <= seeds; seed++) ends[run(seed)].push(seed);
  return ends;
}

describe("many races between a row and a tick", () => {
  it("[SY-40] nobody who only goes from node to node contradicts themselves, and both nodes hold the same", () => {
    const { contradiction, apart, same } = tally(honestRace, 300);
    expect([contradiction, apart]).toEqual([[], []]);
    expect(same.length).toBeGreaterThan(200);
  });

  it("[SY-40 INV-1] whatever is not found to contradict itself leaves every node and a cold start with the same", () => {
    const { contradiction, apart, same } = tally(hostileRace, 300);
    expect(apart).toEqual([]);
    expect([contradiction.length > 60, same.length > 60]).toEqual([true, true]);
  });
});
