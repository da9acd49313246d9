import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { editNotice } from "../../shared/board/list-rules.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { draft, furnishedBoard, type GuardedBoard, residentOf, steward } from "./guarded-board.ts";
import { attacks, honestUpdate, type Scene, seeded } from "./hostile.ts";

const attempts = 12_000;

describe("hostile updates", () => {
  it(`[SY-5 INV-2 T22 T23 T24] ${attempts} hostile updates change nothing outside the writer's cell, and honest edits still pass`, () => {
    const names = Object.keys(attacks);
    let scene = newScene(0);
    for (let i = 0; i < attempts; i++) {
      if (i % 400 === 0) scene = newScene(i);
      const name = names[i % names.length] ?? "";
      const attack = attacks[name]?.(scene);
      if (attack === undefined) throw new Error(name);
      const before = outside(scene.board);
      const verdict = scene.board.send("r-h1", residentOf("h1"), attack.update);
      const label = `${name} (${i})`;
      if (attack.must) expect(verdict.ok, label).toBe(false);
      expect(outside(scene.board), label).toEqual(before);
      expect([...scene.board.doc.share.keys()].sort(), label).toEqual(scene.roots);

      if (i % 5 === 0) {
        const honest = scene.board.send("r-h1", residentOf("h1"), honestUpdate(scene, scene.fresh++));
        expect(honest, `honest after ${label}`).toMatchObject({ ok: true });
      }
      if (i % 25 === 0) victimStillWrites(scene, label);
    }
  });

  it("[SY-5 INV-2] every attack that must fail does harm, or is pending, in a document without a guard", () => {
    for (const [name, make] of Object.entries(attacks)) {
      let harm = false;
      for (let i = 0; i < 2000 && !harm; i++) {
        const scene = newScene(i);
        const attack = make(scene);
        if (!attack.must) harm = true;
        else harm = harms(scene, attack.update);
      }
      expect(harm, name).toBe(true);
    }
  });
});

/** Whether plain Yjs lets the update do anything at all: change contents or structs, stay pending, throw. */
function harms(scene: Scene, update: Uint8Array): boolean {
  const before = JSON.stringify(scene.board.doc.toJSON());
  const structs = structCount(scene.board.doc);
  try {
    Y.applyUpdate(scene.board.doc, update);
  } catch {
    return true;
  }
  const { store } = scene.board.doc;
  if (store.pendingStructs !== null || store.pendingDs !== null) return true;
  return before !== JSON.stringify(scene.board.doc.toJSON()) || structs !== structCount(scene.board.doc);
}

function structCount(doc: Y.Doc): number {
  let count = 0;
  for (const structs of doc.store.clients.values()) count += structs.length;
  return count;
}

function newScene(seed: number): Scene & { roots: string[] } {
  const board = furnishedBoard();
  const steward0 = board.replica(900);
  editNotice(steward0, "周六🎉坝坝宴，各家带个拿手菜🥘来");
  board.send("s", steward, board.stepTwoOf(steward0));
  const mine = board.replica(500);
  addItem(mine, "h1", "own0", draft("自家的"));
  editItem(mine, "h1", "own0", { note: "随时来敲门" });
  board.send("r-h1", residentOf("h1"), board.stepTwoOf(mine));
  const foreign = structsOf(board, (account) => account !== "r-h1");
  const own = structsOf(board, (account) => account === "r-h1");
  const roots = [...board.doc.share.keys()].sort();
  return { board, random: seeded(seed + 1), mine: 500, fresh: 20_000, victim: 1001, foreign, own, roots };
}

function structsOf(board: GuardedBoard, of: (account: string) => boolean): Scene["foreign"] {
  const found: Scene["foreign"] = [];
  for (const [client, structs] of board.doc.store.clients) {
    if (!of(board.bindings.get(client) ?? "")) continue;
    for (const struct of structs) {
      if (!struct.deleted) found.push({ client, clock: struct.id.clock, length: struct.length });
    }
  }
  return found;
}

/** All that the attacker may not touch, as everyone reads it, and the raw structs of the others. */
function outside(board: GuardedBoard): unknown {
  const view = board.view();
  return {
    h2: board.doc.getMap("cell:h2").toJSON(),
    h3: board.doc.getMap("cell:h3").toJSON(),
    notice: view.notice,
    states: [1001, 1002, 900].map((client) => Y.getState(board.doc.store, client)),
  };
}

function victimStillWrites(scene: Scene, label: string): void {
  const doc = scene.board.replica(scene.victim);
  editItem(doc, "h2", "item-h2", { note: label.slice(0, 100) });
  const verdict = scene.board.send("r-h2", residentOf("h2"), scene.board.stepTwoOf(doc));
  expect(verdict, label).toMatchObject({ ok: true, effect: true });
  scene.foreign = structsOf(scene.board, (account) => account !== "r-h1");
}
