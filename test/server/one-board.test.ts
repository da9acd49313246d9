import { once } from "node:events";
import * as encoding from "lib0/encoding";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { addHouseholds, createCourtyard } from "../../server/community/places.ts";
import { newId } from "../../server/identity/secrets.ts";
import { addItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { syncMessage, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { type BoardClient, openBoard } from "./board-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

let yard: Yard;
/** The board and a household of a second courtyard. */
const other = { boardId: "", householdId: "" };
/** An officer of both courtyards, who may write to all cells of both boards. */
let officer = { token: "", residentId: "" };
const open: { close(): void }[] = [];

beforeAll(async () => {
  yard = await openYard();
  officer = await yard.resident("1-1-101", ["officer"]);
  await yard.app.storage.write(async (tx) => {
    const { communityId } = yard;
    const courtyardId = await createCourtyard(
      tx,
      { communityId, name: "28 号院", boardsAt: "courtyard", openBoards: true },
      1,
    );
    const home = { building: "1", unit: "1", door: "101", area: 8000, contact: null };
    [other.householdId = ""] = await addHouseholds(tx, courtyardId, [home], 1);
    const board = tx.db.selectFrom("boards").select("id").where("courtyard_id", "=", courtyardId);
    other.boardId = (await board.executeTakeFirstOrThrow()).id;
    const grant = {
      id: newId(),
      resident_id: officer.residentId,
      role: "officer",
      courtyard_id: courtyardId,
      building_id: null,
      granted_by: null,
      created_at: 1,
      ended_at: null,
    };
    await tx.db.insertInto("role_grants").values(grant).execute();
  });
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});
afterAll(() => yard.close());

const enter = async (boardId: string): Promise<BoardClient> => {
  const client = await openBoard(yard.wsUrl, boardId, officer.token);
  open.push(client);
  return client;
};

const message = (...parts: (number | string | Uint8Array)[]): Uint8Array => {
  const out = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === "number") encoding.writeVarUint(out, part);
    else if (typeof part === "string") encoding.writeVarString(out, part);
    else encoding.writeVarUint8Array(out, part);
  }
  return encoding.toUint8Array(out);
};

/** An item in the cell of the other courtyard's household. */
const edit = (): Uint8Array => {
  const doc = new Y.Doc();
  addItem(doc, other.householdId, "a", draft("锤子"));
  return Y.encodeStateAsUpdate(doc);
};

const attempts: [what: string, (boardId: string) => (Uint8Array | string)[]][] = [
  ["an edit of a cell of the other", () => [message(yjsMessage.sync, syncMessage.update, edit())]],
  ["the same as what was written offline", () => [message(yjsMessage.sync, syncMessage.stepTwo, edit())]],
  [
    "the other's id before its messages, as where one socket carries many",
    (boardId) => [message(boardId, yjsMessage.sync, syncMessage.stepTwo, edit())],
  ],
  ["a message of a kind there is none of, with its id", (boardId) => [message(7, boardId)]],
  ["its id as text", (boardId) => [JSON.stringify({ subscribe: boardId })]],
];

describe("a socket of one board", () => {
  it.each(attempts)(
    "[HT-27 INV-2] reaches no other, although its person may write there: %s",
    async (what, said) => {
      const there = await enter(other.boardId);
      const here = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers: bearer(officer.token) });
      here.on("error", () => {});
      await once(here, "open");
      const closed = once(here, "close");
      const nothing = Y.encodeStateAsUpdate(new Y.Doc());
      here.send(message(yjsMessage.sync, syncMessage.stepOne, Y.encodeStateVector(new Y.Doc())));
      if (!what.includes("offline")) here.send(message(yjsMessage.sync, syncMessage.stepTwo, nothing));
      for (const each of said(other.boardId)) here.send(each);
      const [code] = await closed;
      expect(Object.values(closeCodes)).toContain(code);
      // All that the other board's clients hear is what is written there.
      const before = Y.encodeStateVector(there.doc);
      const mark = newId();
      const writer = await enter(other.boardId);
      addItem(writer.doc, other.householdId, mark, draft("标记"));
      await until("the mark is heard", () => there.doc.getMap(`cell:${other.householdId}`).has(mark));
      expect(there.doc.getMap(`cell:${other.householdId}`).has("a")).toBe(false);
      expect(Y.decodeStateVector(Y.encodeStateVector(there.doc)).size).toBe(
        Y.decodeStateVector(before).size + 1,
      );
      expect(await rowsOf(yard.boardId)).toBe(0);
    },
  );

  it("[HT-27] is of the one board that its path names, whatever else its address says", async () => {
    const written = await enter(yard.boardId);
    addItem(written.doc, yard.household("1-1-101"), "mine", draft("梯子"));
    await until("it is on disk", async () => (await rowsOf(yard.boardId)) > 0);
    for (const path of [`${yard.boardId}/${other.boardId}`, `${yard.boardId},${other.boardId}`]) {
      const refused = new WebSocket(`${yard.wsUrl}/yjs/${path}`, { headers: bearer(officer.token) });
      refused.on("error", () => {});
      const [, { statusCode }] = await once(refused, "unexpected-response");
      expect(statusCode).toBe(404);
    }
    const peers = yard.app.rooms.counters.peers;
    const asked = await enter(`${yard.boardId}?board=${other.boardId}&id=${other.boardId}`);
    expect(asked.doc.getMap(`cell:${yard.household("1-1-101")}`).has("mine")).toBe(true);
    expect(asked.doc.getMap(`cell:${other.householdId}`).size).toBe(0);
    expect(yard.app.rooms.counters.peers).toBe(peers + 1);
  });
});

const rowsOf = async (boardId: string): Promise<number> =>
  (
    await yard.app.storage.db
      .selectFrom("board_items")
      .select("title")
      .where("board_id", "=", boardId)
      .execute()
  ).length;
