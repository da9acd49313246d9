import * as Y from "yjs";
import { addItem, editItem, removeItem } from "../../shared/board/rules.ts";
import { type CraftedStruct, craft } from "./craft.ts";
import { draft, type GuardedBoard } from "./guarded-board.ts";

/** A small seeded generator (mulberry32), so that a failing number can be run again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Attack = {
  update: Uint8Array;
  /** Whether the guard must say no; the others may be harmless after all. */
  must: boolean;
};

/**
 * One attacker: resident r-h1 of household h1 with the client ids `mine` (already bound) and `fresh`.
 * `foreign` are structs of other households and of the notice, by id.
 */
export type Scene = {
  board: GuardedBoard;
  random: () => number;
  mine: number;
  fresh: number;
  victim: number;
  /** Ids of live foreign structs, in h2, h3 and the notice. */
  foreign: { client: number; clock: number; length: number }[];
  own: { client: number; clock: number }[];
};

export function pick<T>(scene: Scene, values: readonly T[]): T {
  const value = values[Math.floor(scene.random() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

const known = (scene: Scene, client: number) => Y.getState(scene.board.doc.store, client);
const map: CraftedStruct["content"] = { type: 1 };

function one(scene: Scene, struct: CraftedStruct, deletes: Parameters<typeof craft>[1] = []): Uint8Array {
  return craft([{ client: scene.mine, clock: known(scene, scene.mine), structs: [struct] }], deletes);
}

/** An honest edit of the own cell, as the bytes a client would send. */
export function honestUpdate(scene: Scene, clientId: number): Uint8Array {
  const doc = scene.board.replica(clientId);
  const before = Y.encodeStateVector(doc);
  const id = `own${Math.floor(scene.random() * 8)}`;
  if (doc.getMap("cell:h1").has(id)) {
    if (scene.random() < 0.5) editItem(doc, "h1", id, { note: `改${Math.floor(scene.random() * 1e6)}` });
    else removeItem(doc, "h1", id);
  } else addItem(doc, "h1", id, draft("自家的"));
  return Y.encodeStateAsUpdate(doc, before);
}

/** Every way we know to reach outside one's own cell, to hang the server, or to leave something pending. */
export const attacks: Record<string, (scene: Scene) => Attack> = {
  "a new item in a foreign cell": (s) => {
    const root = pick(s, ["cell:h2", "cell:h3", "cell:h9", "cell:", "notice"]);
    return { must: true, update: one(s, { root, sub: `x${s.random()}`.slice(0, 20), content: map }) };
  },
  "a foreign value overwritten": (s) => {
    const { client, clock, length } = pick(s, s.foreign);
    const content = pick(s, [{ any: ["我的"] }, { deleted: 1 }, map, { text: "我的" }]);
    return { must: true, update: one(s, { origin: [client, clock + length - 1], content }) };
  },
  "an insert in front of something foreign": (s) => {
    const { client, clock } = pick(s, s.foreign);
    return { must: true, update: one(s, { rightOrigin: [client, clock], content: { deleted: 1 } }) };
  },
  "a deletion of something foreign": (s) => {
    const { client, clock, length } = pick(s, s.foreign);
    const start = Math.max(0, clock - Math.floor(s.random() * 2));
    return { must: true, update: craft([], [{ client, ranges: [[start, length + clock - start]] }]) };
  },
  "an empty deletion inside a foreign text": (s) => {
    const { client, clock, length } = pick(s, s.foreign);
    return {
      must: true,
      update: craft([], [{ client, ranges: [[clock + Math.floor(s.random() * length), 0]] }]),
    };
  },
  "a deletion of what is yet to come": (s) => {
    const client = pick(s, [s.victim, s.mine, 4242]);
    const clock = known(s, client) + Math.floor(s.random() * 3);
    return {
      must: true,
      update: craft([], [{ client, ranges: [[clock, 1 + Math.floor(s.random() * 50)]] }]),
    };
  },
  "structs under somebody else's client id": (s) => {
    const content = pick(s, [{ gc: 1 }, { gc: 2 ** 30 }, map, { deleted: 5 }]);
    const struct = "gc" in content ? { content } : { root: "cell:h1", sub: "x", content };
    return {
      must: true,
      update: craft([{ client: s.victim, clock: known(s, s.victim), structs: [struct] }]),
    };
  },
  "a gap": (s) => {
    const client = pick(s, [s.mine, s.fresh]);
    const clock = known(s, client) + 1 + Math.floor(s.random() * 100);
    return {
      must: true,
      update: craft([{ client, clock, structs: [{ root: "cell:h1", sub: "x", content: map }] }]),
    };
  },
  "an orphan": (s) => {
    const id: [number, number] = [pick(s, [777, s.victim, s.mine]), 100_000 + Math.floor(s.random() * 1e5)];
    const struct = pick<CraftedStruct>(s, [
      { origin: id, content: { any: ["x"] } },
      { rightOrigin: id, content: { any: ["x"] } },
      { parent: id, sub: "title", content: { any: ["x"] } },
    ]);
    return { must: true, update: one(s, struct) };
  },
  "a giant length": (s) => {
    const big = pick(s, [2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1, 5_000_000]);
    const content = pick(s, [{ gc: big }, { deleted: big }, { any: ["x"], claim: big }]);
    const struct = "gc" in content ? { content } : { root: "cell:h1", sub: "x", content };
    const clock = known(s, s.fresh);
    const claim = s.random() < 0.5 ? big : undefined;
    return {
      must: true,
      update: craft([{ client: s.fresh, clock, structs: [struct], ...(claim ? { claim } : {}) }]),
    };
  },
  "a huge clock": (s) => {
    const clock = pick(s, [2 ** 31, 2 ** 53 - 1, 2 ** 32]);
    return { must: true, update: craft([{ client: s.fresh, clock, structs: [{ content: { gc: 1 } }] }]) };
  },
  "a type no board has": (s) => {
    const content = pick<CraftedStruct["content"]>(s, [
      { type: 0 },
      { type: 2 },
      { type: 3 },
      { type: 6 },
      { type: 99 },
      { raw: 2, bytes: [1, 1, 49] },
      { raw: 3, bytes: [1, 1] },
      { raw: 5, bytes: [1, 49] },
      { raw: 6, bytes: [1, 98, 1, 49] },
      { raw: 9, bytes: [1, 97, 118, 0] },
      { raw: 11, bytes: [0] },
      { skip: 3 },
    ]);
    const spot = pick(s, [{ root: "cell:h1", sub: "x" }, { root: "notice" }, { root: "list:garden" }]);
    return { must: true, update: one(s, { ...spot, content }) };
  },
  "a value where an item belongs": (s) => {
    const spot = pick(s, [
      { root: "cell:h1", sub: "x" },
      { root: "cell:h1" },
      { root: "list:garden" },
      { root: "list:garden", sub: "x" },
    ]);
    return { must: true, update: one(s, { ...spot, content: pick(s, [{ any: [1] }, { text: "x" }]) }) };
  },
  "a deep or wrong value in a field": (s) => {
    let deep: unknown = "x";
    for (let i = 0; i < 1 + s.random() * 500; i++) deep = s.random() < 0.5 ? [deep] : { a: deep };
    const value = pick(s, [
      deep,
      [1, 2],
      { a: 1 },
      "x".repeat(5000),
      1.5,
      -1,
      1e300,
      Number.NaN,
      null,
      true,
      10n,
      "",
    ]);
    const sub = pick(s, ["quantity", "category", "order", "photo", "__proto__", "", "constructor"]);
    const client = s.mine;
    const clock = known(s, client);
    const structs: CraftedStruct[] = [
      { root: "cell:h1", sub: "x", content: map },
      { parent: [client, clock], sub, content: { any: [value] } },
    ];
    return { must: true, update: craft([{ client, clock, structs }]) };
  },
  "a map below a field": (s) => {
    const client = s.mine;
    const clock = known(s, client);
    const structs: CraftedStruct[] = [
      { root: "cell:h1", sub: "x", content: map },
      { parent: [client, clock], sub: "title", content: map },
      { parent: [client, clock + 1], sub: "title", content: { any: ["x"] } },
    ];
    return { must: true, update: craft([{ client, clock, structs }]) };
  },
  "a wrong value among several": (s) => {
    const client = s.mine;
    const clock = known(s, client);
    const structs: CraftedStruct[] = [
      { root: "cell:h1", sub: "x", content: map },
      {
        parent: [client, clock],
        sub: "title",
        content: { any: ["x", pick(s, [7, null, "x".repeat(99)]), "y"] },
      },
    ];
    return { must: true, update: craft([{ client, clock, structs }]) };
  },
  "an update cut off": (s) => {
    const update = honestUpdate(s, s.fresh);
    return { must: true, update: update.slice(0, Math.floor(s.random() * update.length)) };
  },
  "an update with a tail": (s) => {
    const update = honestUpdate(s, s.fresh);
    return { must: true, update: Uint8Array.from([...update, ...update]) };
  },
  "a changed byte": (s) => {
    const update = Uint8Array.from(honestUpdate(s, s.fresh));
    for (let i = 0; i < 1 + s.random() * 4; i++) {
      update[Math.floor(s.random() * update.length)] = Math.floor(s.random() * 256);
    }
    return { must: false, update };
  },
  "bytes without sense": (s) => {
    const update = new Uint8Array(Math.floor(s.random() * 60));
    for (let i = 0; i < update.length; i++)
      update[i] = Math.floor(s.random() * (s.random() < 0.7 ? 16 : 256));
    return { must: false, update };
  },
  "a known clock forged to reach elsewhere": (s) => {
    const { client, clock, length } = pick(s, s.foreign);
    const struct = pick<CraftedStruct>(s, [
      { origin: [client, clock + (length >> 1)], content: { any: ["x"] } },
      { origin: [client, clock + 100_000], content: { any: ["x"] } },
      { root: "cell:h2", sub: "x", content: map },
      { parent: [s.mine, 1_000_000], sub: "x", content: map },
    ]);
    return {
      must: false,
      update: craft([{ client: pick(s, [s.mine, s.victim]), clock: 0, structs: [struct] }]),
    };
  },
  "a partial overlap with another parent": (s) => {
    const clock = known(s, s.mine);
    const root = pick(s, ["cell:h2", "notice"]);
    const struct: CraftedStruct = { root, sub: "x", content: { deleted: 3 } };
    return { must: false, update: craft([{ client: s.mine, clock: clock - 1, structs: [struct] }]) };
  },
  "a cycle": (s) => {
    const [a, b] = [known(s, s.mine), known(s, s.fresh)];
    const structs = (id: [number, number]): CraftedStruct[] => [{ origin: id, content: { any: ["x"] } }];
    return {
      must: true,
      update: craft([
        { client: s.mine, clock: a, structs: structs([s.fresh, b]) },
        { client: s.fresh, clock: b, structs: structs([s.mine, a]) },
      ]),
    };
  },
  "a struct that hangs on itself": (s) => {
    const clock = known(s, s.mine);
    const id: [number, number] = [s.mine, clock + Math.floor(s.random() * 3)];
    const struct = pick<CraftedStruct>(s, [
      { origin: id, content: { any: ["x"] } },
      { parent: id, sub: "title", content: { any: ["x"] } },
      { rightOrigin: id, content: { any: ["x"] } },
    ]);
    return { must: true, update: one(s, struct) };
  },
  "neighbours in two places": (s) => {
    const a = pick(s, s.own);
    const b = pick(s, s.foreign);
    const ids: [[number, number], [number, number]] = [
      [a.client, a.clock],
      [b.client, b.clock],
    ];
    if (s.random() < 0.5) ids.reverse();
    return { must: true, update: one(s, { origin: ids[0], rightOrigin: ids[1], content: { deleted: 1 } }) };
  },
  "an empty run beside something foreign": (s) => {
    const clock = known(s, s.mine);
    const { client, clock: at, length } = pick(s, s.foreign);
    const structs: CraftedStruct[] = [
      { content: { gc: 1 } },
      { origin: [s.mine, clock], rightOrigin: [client, at + (length >> 1)], content: { deleted: 1 } },
    ];
    return { must: true, update: craft([{ client: s.mine, clock, structs }]) };
  },
  "a root no board has": (s) => {
    const root = pick(s, [
      "",
      "x",
      "cell",
      "lists",
      "list:",
      "list:none",
      "cell:h1 ",
      "__proto__",
      "toString",
    ]);
    return { must: true, update: one(s, { root, sub: "x", content: map }) };
  },
  "a client twice": (s) => {
    const clock = known(s, s.mine);
    const section = (at: number) => ({ client: s.mine, clock: at, structs: [{ content: { gc: 1 } }] });
    return { must: true, update: craft([section(clock), section(clock + 1)]) };
  },
  "ranges that overlap": (s) => {
    const ranges: [number, number][] = Array.from({ length: 50 }, () => [0, 5]);
    return { must: true, update: craft([], [{ client: s.mine, ranges }]) };
  },
  "the notice without the right": (s) => {
    const content = pick(s, [{ text: "都归我" }, { deleted: 2 }]);
    return { must: true, update: one(s, { root: "notice", content }) };
  },
  "honest and hostile at once": (s) => {
    const clock = known(s, s.mine);
    const { client, clock: at, length } = pick(s, s.foreign);
    const structs: CraftedStruct[] = [
      { root: "cell:h1", sub: `o${Math.floor(s.random() * 5)}`, content: map },
      { parent: [s.mine, clock], sub: "title", content: { any: ["自家的"] } },
    ];
    if (s.random() < 0.5) {
      return {
        must: true,
        update: craft([{ client: s.mine, clock, structs }], [{ client, ranges: [[at, length]] }]),
      };
    }
    structs.push({ origin: [client, at + length - 1], content: { deleted: 1 } });
    return { must: true, update: craft([{ client: s.mine, clock, structs }]) };
  },
};
