import { describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import type { BoardDocument } from "../../server/sync/document.ts";
import { ConflictBudget } from "../../server/sync/guard-conflicts.ts";
import { decodeUpdate } from "../../server/sync/guard-decode.ts";
import { orderStructs } from "../../server/sync/guard-order.ts";
import { declareRoots } from "../../server/sync/guard-places.ts";
import { resolveSpot, StoreView } from "../../server/sync/guard-resolve.ts";
import { renewedState } from "../../server/sync/renewal.ts";
import { isRenewalDue } from "../../server/sync/renewing.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { guardCounts, incrementLimits, stepTwoLimits } from "../../shared/board/limits.ts";
import { addEntry, removeEntry } from "../../shared/board/list-rules.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { type CraftedSection, type CraftedStruct, craft } from "./craft.ts";
import { draft, GuardedBoard, residentOf, steward } from "./guarded-board.ts";
import { seeded } from "./hostile.ts";

type At = [client: number, clock: number];
const gone = (origin: At | undefined, rightOrigin?: At): CraftedStruct => ({
  ...(origin && { origin }),
  ...(rightOrigin && { rightOrigin }),
  content: { deleted: 1 },
});

/** A chain of `length` after `start`, and as many that begin there too and end at another link of the chain each. */
function fan(client: number, clock: number, start: At, length: number): CraftedSection {
  const chain = Array.from({ length }, (_, n) => gone(n === 0 ? start : [client, clock + n - 1]));
  const fans = Array.from({ length }, (_, n) => gone(start, [client, clock + length - 1 - n]));
  return { client, clock, structs: [...chain, ...fans] };
}

/** Runs `work` and counts over how many items Yjs walks meanwhile: it notes each in two sets. */
function walked(work: () => void): number {
  let noted = 0;
  const add = Set.prototype.add;
  const spy = vi.spyOn(Set.prototype, "add").mockImplementation(function (this: Set<unknown>, value) {
    if (value instanceof Y.Item) noted++;
    return add.call(this, value);
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return noted / 2;
}

/** A board with one entry in its list, written by client 1 of r1. */
function boardWithEntry(): { board: GuardedBoard; entry: At } {
  const board = new GuardedBoard();
  const device = board.replica(1);
  addEntry(device, "garden", "a", "花盆");
  board.send("r1", residentOf("h1"), board.stepTwoOf(device));
  return { board, entry: [1, 0] };
}

/** A board with one item of h1, written by client 1 of r1, whose title begins the chain. */
function boardWithTitle(): { board: GuardedBoard; title: At } {
  const board = new GuardedBoard();
  const device = board.replica(1);
  addItem(device, "h1", "a", draft("0"));
  editItem(device, "h1", "a", { title: "1" });
  board.send("r1", residentOf("h1"), board.stepTwoOf(device));
  return { board, title: [1, Y.getState(board.doc.store, 1) - 1] };
}

describe("what Yjs walks over while it weaves an update in", () => {
  it("[SY-50 INV-11] is counted over the update's own structs too, whatever neighbours they name", () => {
    const { board, entry } = boardWithEntry();
    const attack = craft([fan(9, 0, entry, 1_995)]);
    expect(attack.length).toBeLessThan(incrementLimits.bytes);
    const verdict = board.judge("r1", residentOf("h1"), attack);
    expect(verdict).toMatchObject({ code: "too-large", reason: "conflicts" });
    expect(board.judge("r1", residentOf("h1"), craft([fan(9, 0, entry, 60)]))).toMatchObject({ ok: true });
  });

  it("[SY-50 SY-42 INV-11] is paid for over many updates, one struct in each", () => {
    const { board, entry } = boardWithEntry();
    const { structs } = fan(9, 0, entry, 150);
    let cost = 0;
    const steps = walked(() => {
      for (const [clock, struct] of structs.entries()) {
        const verdict = board.send("r1", residentOf("h1"), craft([{ client: 9, clock, structs: [struct] }]));
        if (!verdict.ok) throw new Error(verdict.reason);
        cost += verdict.cost;
      }
    });
    expect(steps).toBeGreaterThan(10_000);
    expect(cost).toBeGreaterThanOrEqual(structs.length + steps / 10);
  });

  it.each<[string, Place]>([
    ["a list", { root: "list:garden" }],
    ["the values of a key", { root: "cell:h1", sub: "a" }],
  ])("[SY-50] is foreseen in %s, with the place where each struct will stand", (_, place) => {
    const random = seeded(41);
    let steps = 0;
    for (let round = 0; round < 100; round++) steps += foresee(place, random);
    expect(steps).toBeGreaterThan(1_000);
  });
});

describe("what Yjs walks over when it builds the board anew, in another order", () => {
  /** Two devices of one person: each step of the one is passed by the other, and by nothing of its own. */
  const braid = (place: Place, count: number) => {
    const board = new GuardedBoard();
    const send = (client: number, structs: CraftedStruct[]) =>
      board.send(
        "r1",
        residentOf("h1"),
        craft([{ client, clock: Y.getState(board.doc.store, client), structs }]),
      );
    const apart = { content: { gc: 1 } };
    send(1, [{ ...place, content: { deleted: 1 } }, apart, gone([1, 0]), apart, gone([1, 2])]);
    let refused = 0;
    for (let n = 0; n < count; n++) {
      const clock = Y.getState(board.doc.store, 9);
      const right = (at: At) => (place.sub === undefined ? at : undefined);
      for (const [client, struct] of [
        [9, gone(n === 0 ? [1, 0] : [9, clock - 2], right([1, 4]))],
        [5, gone([9, clock], right([1, 2]))],
      ] as const)
        if (!send(client, [struct, apart]).ok) refused++;
    }
    const all = Y.encodeStateAsUpdate(board.doc);
    return { refused, steps: walked(() => Y.applyUpdate(new Y.Doc(), all)) };
  };

  it("[SY-53 INV-11] a list has only so many entries ever, removed ones and unseen ones too", () => {
    const { refused, steps } = braid({ root: "list:garden" }, guardCounts.entriesEver);
    expect(refused).toBeGreaterThanOrEqual(guardCounts.entriesEver);
    expect(steps).toBeLessThan(guardCounts.entriesEver ** 2 / 4);
  });

  it("[SY-53 SY-36 INV-11] so has the notice pieces, and is renewed long before", () => {
    const board = new GuardedBoard();
    const pieces = (client: number, count: number) =>
      board.send(
        "s",
        steward,
        craft([
          {
            client,
            clock: 0,
            structs: Array.from({ length: count }, () => ({ root: "notice", content: { deleted: 1 } })),
          },
        ]),
      );
    expect(pieces(9, guardCounts.noticePieces / 2 + 1)).toMatchObject({ ok: true });
    expect(isRenewalDue({ clients: 1, doc: board.doc, bytes: 1 } as BoardDocument, defaultSettings)).toBe(
      true,
    );
    expect(pieces(8, guardCounts.noticePieces / 2 - 1)).toMatchObject({ ok: true });
    expect(pieces(7, 1)).toMatchObject({ ok: false, code: "full", reason: "notice-worn" });
  });

  it("[SY-53 INV-11] a cell has only so many keys ever, unseen ones too", () => {
    const board = new GuardedBoard();
    const keys = Array.from({ length: guardCounts.keysPerCell + 1 }, (_, n) => ({
      root: "cell:h1",
      sub: `k${n}`,
      content: { deleted: 1 },
    }));
    const judge = (structs: CraftedStruct[]) =>
      board.judge("r1", residentOf("h1"), craft([{ client: 9, clock: 0, structs }]));
    // The board is not worn by what it refuses.
    expect(judge(keys)).toMatchObject({ ok: false, code: "full", reason: "cell-full" });
    expect(judge(keys.slice(1))).toMatchObject({ ok: true });
  });

  it("[SY-53 INV-11] a value has no right neighbour, and comes after all its writer has written there", () => {
    const { board, title } = boardWithTitle();
    const judge = (structs: CraftedStruct[]) =>
      board.judge("r1", residentOf("h1"), craft([{ client: 9, clock: 0, structs }]));
    expect(judge([gone(title), gone(title)])).toMatchObject({
      code: "bad-value",
      reason: "value-before-own",
    });
    expect(judge([gone(title), gone([9, 0])])).toMatchObject({ ok: true });
    const between = gone([1, title[1] - 1], title);
    expect(judge([between])).toMatchObject({ ok: false, code: "bad-value" });
    expect(judge([gone(undefined, title)])).toMatchObject({ code: "bad-value", reason: "value-neighbour" });
  });

  it("[SY-53 SY-36] a list that has had many entries is renewed, and takes them again", () => {
    const board = new GuardedBoard();
    const device = board.replica(7);
    for (let n = 0; n <= guardCounts.entriesEver / 2; n++) {
      addEntry(device, "garden", `e${n}`, "花盆");
      removeEntry(device, "garden", `e${n}`);
    }
    Y.applyUpdate(board.doc, Y.encodeStateAsUpdate(device));
    const document = { clients: 1, doc: board.doc, bytes: 1 } as BoardDocument;
    expect(isRenewalDue(document, defaultSettings)).toBe(true);
    const renewed = { ...document, doc: new Y.Doc() } as BoardDocument;
    declareRoots(renewed.doc, [], ["garden"]);
    Y.applyUpdate(renewed.doc, renewedState(board.doc, 8));
    expect(isRenewalDue(renewed, defaultSettings)).toBe(false);
  });
});

type Place = { root: string; sub?: string };

const upTo = (random: () => number, most: number) => Math.floor(random() * most);

/** Random updates woven into one place: the guard's picture beside what Yjs does. Answers the steps. */
function foresee(place: Place, random: () => number): number {
  const board = new GuardedBoard();
  let all = 0;
  for (let n = 0; n < 3; n++) {
    const update = craft(randomSections(board, place, random));
    const forecast = foreseen(board, update);
    // What the guard would refuse, Yjs must weave in as foreseen all the same.
    const steps = walked(() => Y.applyUpdate(board.doc, update));
    if (forecast === null) continue;
    // Going back to the first value of a key comes on top.
    if (place.sub === undefined) expect(forecast.steps).toBe(steps);
    else expect(forecast.steps).toBeGreaterThanOrEqual(steps);
    for (const { client, clock, end, left, right } of forecast.places) {
      const item = Y.getItem(board.doc.store, Y.createID(client, clock)) as Y.Item;
      // Runs that lie side by side have become one.
      if (item.id.clock === clock) expect(idOf(item.left?.lastId)).toEqual(left);
      if (item.lastId.clock === end) expect(idOf(item.right?.id)).toEqual(right);
    }
    all += steps;
  }
  return all;
}

const idOf = (id: Y.ID | undefined): At | null => (id === undefined ? null : [id.client, id.clock]);

/** Structs of two clients in one place, beside any neighbours there are. */
function randomSections(board: GuardedBoard, place: Place, random: () => number): CraftedSection[] {
  const isKey = place.sub !== undefined;
  const sections = [4, 34].map((least) => {
    const client = least + upTo(random, isKey ? 30 : 3);
    const clock = Y.getState(board.doc.store, client);
    return { client, clock, end: clock, structs: [] as CraftedStruct[] };
  });
  const there: At[] = [];
  for (const [client] of board.doc.store.clients)
    for (let clock = 0; clock < Y.getState(board.doc.store, client); clock++) there.push([client, clock]);
  for (let n = 0; n < 30; n++) {
    const section = sections[upTo(random, 2)];
    if (section === undefined) throw new Error("no section");
    const { client, end } = section;
    const earlier = random() < 0.7 ? there[upTo(random, there.length)] : undefined;
    // A value comes behind what its writer has written last.
    const origin: At | undefined = isKey && end > 0 ? [client, end - 1] : earlier;
    const rightOrigin = !isKey && random() < 0.5 ? there[upTo(random, there.length)] : undefined;
    const bare = origin === undefined && rightOrigin === undefined;
    const length = 1 + upTo(random, 3);
    section.structs.push({ ...gone(origin, rightOrigin), ...(bare && place), content: { deleted: length } });
    for (let m = 0; m < length; m++) there.push([client, section.end++]);
  }
  return sections.filter(({ structs }) => structs.length > 0);
}

/** What the guard's budget says of an update, beside the board; null when the update fits nowhere. */
function foreseen(board: GuardedBoard, bytes: Uint8Array) {
  const store = new StoreView(board.doc, board.index);
  const update = decodeUpdate(bytes, stepTwoLimits);
  const ordered = orderStructs(update, (client) => store.known(client));
  if (!ordered.ok) return null;
  const budget = new ConflictBudget(store, update, stepTwoLimits.conflicts);
  for (const struct of ordered.structs) {
    const resolved = resolveSpot(struct, store, update);
    if (!resolved.ok || resolved.spot === null) throw new Error("it stands nowhere");
    struct.parent = resolved.spot.parent;
    struct.sub = resolved.spot.sub;
    if (budget.spend(struct) !== null) throw new Error("it may not stand there");
  }
  const places = ordered.structs.map(({ client, clock, length }) => ({
    client,
    clock,
    end: clock + length - 1,
    left: budget.neighbours({ client, clock }).left,
    right: budget.neighbours({ client, clock: clock + length - 1 }).right,
  }));
  return { steps: budget.spent, places };
}
