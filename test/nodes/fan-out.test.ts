import { nanoid } from "nanoid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { readItem } from "../../shared/board/model.ts";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { packets } from "../../shared/wire/protocol.ts";
import { type BoardClient, openBoard } from "../server/board-client.ts";
import { openSocket } from "../server/socket-client.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { type Nodes, openNodes } from "./nodes.ts";

describe("two nodes with Redis between them", () => {
  let all: Nodes;
  const opened: { close(): void }[] = [];
  beforeAll(async () => {
    all = await openNodes(2);
  });
  afterAll(async () => {
    for (const each of opened) each.close();
    await all.close();
  });

  const home = (index: number) => {
    const household = all.seeded.households[index];
    if (!household) throw new Error(`there is no household ${index}`);
    return household;
  };
  const board = async (node: number, household: number): Promise<BoardClient> => {
    const client = await openBoard(all.node(node).wsUrl, all.seeded.boardId, home(household).token);
    opened.push(client);
    return client;
  };
  const socket = async (node: number, household: number) => {
    const client = await openSocket(all.node(node).url, home(household).token);
    opened.push(client);
    return client;
  };
  const taken = () => all.nodes.map(({ app }) => app.rooms.counters.taken);

  it("[FO-1] an edit on one node reaches the clients of another, over Redis and not only over the log", async () => {
    const [here, there] = [await board(0, 0), await board(1, 1)];
    const started = taken();
    addItem(here.doc, home(0).householdId, "saw", draft("锯子"));
    await until("it is there", () => readItem(there.doc, home(0).householdId, "saw"));
    addItem(there.doc, home(1).householdId, "pan", draft("平底锅"));
    await until("it is here", () => readItem(here.doc, home(1).householdId, "pan"));
    expect(taken().map((count, at) => count - (started[at] ?? 0))).toEqual([1, 1]);
    expect(all.nodes.map(({ app }) => app.rooms.counters.holes)).toEqual([0, 0]);
  });

  it("[FO-2 T4] two nodes that write to one board at once keep one dense log, lose nothing and agree", async () => {
    const clients = [await board(0, 2), await board(1, 3), await board(0, 4), await board(1, 5)];
    const rounds = 40;
    await Promise.all(
      clients.map(async ({ doc }, at) => {
        const { householdId } = home(at + 2);
        addItem(doc, householdId, "n", draft("0"));
        for (let round = 1; round <= rounds; round++) {
          await new Promise((resolve) => setTimeout(resolve, 3));
          editItem(doc, householdId, "n", { title: `${round}` });
        }
      }),
    );
    for (const { doc } of clients) {
      await until("everyone has the last of everyone", () =>
        clients.every((_, at) => readItem(doc, home(at + 2).householdId, "n")?.title === `${rounds}`),
      );
    }
    const seqs = await all
      .node(0)
      .app.storage.db.selectFrom("board_updates")
      .select("seq")
      .orderBy("seq")
      .execute();
    expect(seqs.map(({ seq }) => seq)).toEqual(seqs.map((_, at) => at + 1));
    const states = clients.map(({ doc }) => Buffer.from(Y.encodeStateVector(doc)).toString("hex"));
    expect(new Set(states).size).toBe(1);
    const cold = await openBoard((await all.add()).wsUrl, all.seeded.boardId, home(6).token);
    opened.push(cold);
    expect(Y.equalSnapshots(Y.snapshot(cold.doc), Y.snapshot(clients[0]?.doc ?? cold.doc))).toBe(true);
  });

  it("[FO-31] when two phones of a home write the same item at two nodes at once, the rows read as the document does", async () => {
    const { app } = all.node(0);
    const { householdId } = home(11);
    const [here, there] = [await board(0, 11), await board(1, 11)];
    addItem(here.doc, householdId, "same", draft("0"));
    await until("both have it", () => readItem(there.doc, householdId, "same"));
    for (let round = 1; round <= 25; round++) {
      editItem(here.doc, householdId, "same", { title: `这边 ${round}` });
      editItem(there.doc, householdId, "same", { title: `那边 ${round}` });
      await until("they agree", () => {
        const titles = [here, there].map(({ doc }) => readItem(doc, householdId, "same")?.title);
        return titles[0] === titles[1] && titles[0]?.endsWith(` ${round}`);
      });
      const row = () =>
        app.storage.db
          .selectFrom("board_items")
          .select("title")
          .where("item_id", "=", "same")
          .executeTakeFirstOrThrow();
      await until("and so does the row", async () => {
        return (await row()).title === readItem(here.doc, householdId, "same")?.title;
      });
    }
  });

  it("[FO-3] who looks at a board is seen on every node, newcomers included, and is gone on every node", async () => {
    const here = await board(0, 7);
    here.provider.awareness.setLocalState({ writing: "cell:x" });
    const there = await board(1, 8);
    const seen = () =>
      [...there.provider.awareness.getStates().values()].some((state) => state.writing === "cell:x");
    await until("it is seen on the other node", seen);
    const late = await board(1, 9);
    await until("a newcomer sees it", () =>
      [...late.provider.awareness.getStates().values()].some((state) => state.writing === "cell:x"),
    );
    here.close();
    await until("it is gone", () => !seen());
  });

  it("[FO-4 T25] messages and passing states reach the sockets of both nodes, each once and in order", async () => {
    const [here, there] = [await socket(0, 0), await socket(1, 1)];
    const { channelId } = all.seeded;
    for (let n = 0; n < 6; n++) {
      const sender = n % 2 === 0 ? here : there;
      expect(
        await sender.send("chat.post", { messageId: nanoid(), channelId, text: `第 ${n} 句` }),
      ).toMatchObject({
        ok: true,
      });
    }
    for (const client of [here, there]) {
      await until(
        "all are heard",
        () => client.events.filter(({ name }) => name === "chat.message-was-posted").length === 6,
      );
      const seqs = client.events.map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    }
    here.socket.emit(packets.whisper, { name: "chat.typing", input: { channelId } });
    await until("typing is heard on the other node", () =>
      there.signals.some(({ name }) => name === "chat.typing"),
    );
  });

  it("[FO-5] a session that ends on one node ends its sockets on every node, and its board connections for good", async () => {
    const other = await socket(1, 10);
    const far = await board(1, 10);
    const codes: (number | undefined)[] = [];
    far.provider.on("connection-close", (event) => codes.push(event?.code));
    const ended = new Promise((resolve) => other.socket.once("disconnect", resolve));
    await fetch(`${all.node(0).url}/api/v1/sign-out`, {
      method: "POST",
      headers: { authorization: `Bearer ${home(10).token}`, "content-type": "application/json" },
      body: "{}",
    });
    await ended;
    await until("the board's socket is closed", () => codes.length > 0);
    // A provider that is told so does not come back, over and over, to be refused.
    expect([codes[0], far.provider.shouldConnect]).toEqual([closeCodes["session-ended"], false]);
    far.provider.disconnect();
  });
});

describe("two nodes that hear of each other late", () => {
  it("[FO-30] a client that moves to a node which is behind is not refused for what it saw on the other", async () => {
    // Without Redis a node follows the others only from time to time.
    const all = await openNodes(2, { redis: false });
    const opened: BoardClient[] = [];
    try {
      const [mine, theirs] = all.seeded.households;
      if (!mine || !theirs) throw new Error("there are two households");
      const open = async (node: number, token: string, doc?: Y.Doc) => {
        const client = await openBoard(all.node(node).wsUrl, all.seeded.boardId, token, doc);
        opened.push(client);
        return client;
      };
      for (let round = 0; round < 5; round++) {
        // The other node has the board open, so that it is behind and not freshly loaded.
        await open(1, theirs.token);
        const writer = await open(0, theirs.token);
        const mover = await open(0, mine.token);
        addItem(writer.doc, theirs.householdId, `i${round}`, draft("锅"));
        await until("the mover sees it", () => readItem(mover.doc, theirs.householdId, `i${round}`));
        addItem(mover.doc, mine.householdId, `m${round}`, draft("碗"));
        mover.provider.disconnect();
        const moved = await open(1, mine.token, mover.doc);
        const codes: (number | undefined)[] = [];
        moved.provider.on("connection-close", (event) => codes.push(event?.code));
        addItem(moved.doc, mine.householdId, `n${round}`, draft("盘子"));
        await until("others see what it writes there", () =>
          readItem(writer.doc, mine.householdId, `n${round}`),
        );
        expect(codes).toEqual([]);
        expect(readItem(writer.doc, mine.householdId, `m${round}`)).not.toBeNull();
        for (const client of opened.splice(0)) client.close();
      }
    } finally {
      for (const client of opened) client.close();
      await all.close();
    }
  });
});
