import { rm } from "node:fs/promises";
import { nanoid } from "nanoid";
import pg from "pg";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import type { Hello, Welcome } from "../../shared/wire/contract.ts";
import {
  oldestProtocolVersion,
  oldestServerVersion,
  packets,
  protocolVersion,
} from "../../shared/wire/protocol.ts";
import { serverProcess } from "../server/seeded.ts";
import { bearer, openYard, type Yard } from "../server/yard.ts";
import { startProcess } from "../services/process.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { draft } from "../sync/guarded-board.ts";
import { type Neighbour, type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, readiness } from "./nodes.ts";

const mainModule = new URL("../../server/main.ts", import.meta.url).pathname;

describe("old and new side by side, while nodes are restarted one after the other", () => {
  let yard: Yard;
  let token: string;
  beforeAll(async () => {
    yard = await openYard();
    token = (await yard.resident("1-1-101")).token;
  });
  afterAll(() => yard.close());

  /** What a page that says this gets: a welcome, or a refusal by name. */
  const greet = (hello: Hello): Promise<Welcome | string> => {
    const socket = io(yard.url, {
      auth: hello,
      transports: ["websocket"],
      extraHeaders: bearer(token),
      reconnection: false,
      forceNew: true,
    });
    return new Promise<Welcome | string>((resolve) => {
      socket.once(packets.welcome, resolve);
      socket.once("connect_error", (error: Error & { data?: { code: string } }) =>
        resolve(error.data?.code ?? error.message),
      );
    }).finally(() => socket.close());
  };

  it("[FO-21] a page too old for the node is told to load again", async () => {
    expect(await greet({ protocol: oldestProtocolVersion - 1 })).toBe("protocol-unsupported");
    expect(await greet({ protocol: oldestProtocolVersion - 1, oldest: 0 })).toBe("protocol-unsupported");
  });

  it("[FO-21] a page newer than the node is served when it still speaks the node's language, and else told to come back, not to load again", async () => {
    const newer = protocolVersion + 1;
    expect(await greet({ protocol: newer, oldest: protocolVersion })).toMatchObject({
      protocol: protocolVersion,
    });
    expect(await greet({ protocol: newer, oldest: newer })).toBe("shutting-down");
    // Programs that do not say it are believed to manage.
    expect(await greet({ protocol: newer })).toMatchObject({ protocol: protocolVersion });
  });

  it("[FO-21] the pages of this version can talk to its own server", () => {
    expect(oldestServerVersion).toBeLessThanOrEqual(protocolVersion);
    expect(oldestProtocolVersion).toBeLessThanOrEqual(protocolVersion);
  });
});

describe("two nodes that speak different versions on the bus", () => {
  let all: Nodes;
  let people: Neighbours;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await makeScratch("other-version");
    all = await openNodes(1);
    people = neighboursOf(all.seeded);
  });
  afterAll(async () => {
    people.leave();
    await all.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("[FO-21 EV-7] an old node serves on behind tables that a newer one has changed by adding, and no longer starts", async () => {
    const newer = new pg.Client({ connectionString: all.database.url });
    await newer.connect();
    const here = all.node(0);
    const [one, other] = [await people.board(here, 0), await people.board(here, 1)];
    const talker = await people.socket(here, 2);
    const seen = (id: string) => readItem(other.doc, one.householdId, id) !== null;
    addItem(one.doc, one.householdId, "before", draft("梯子"));
    await until("it is seen", () => seen("before"));
    // Also in the tables that prepared statements read and write.
    for (const table of ["sessions", "boards", "board_updates", "board_items", "messages"])
      await newer.query(`alter table ${table} add column of_a_later_version text`);
    await newer.query("insert into kysely_migration values ('9999-from-the-future', '2099-01-01')");
    try {
      addItem(one.doc, one.householdId, "after", draft("锤子"));
      await until("what is written now is seen", () => seen("after"));
      const late = await people.board(here, 3);
      await until("who comes now has all of it", () => readItem(late.doc, one.householdId, "after") !== null);
      const { channelId } = all.seeded;
      expect(await talker.send("chat.post", { messageId: nanoid(), channelId, text: "还在" })).toMatchObject({
        ok: true,
      });
      const again = await startProcess(process.execPath, [mainModule], {
        env: { PATH: process.env.PATH, DATA_DIR: dataDir, DATABASE_URL: all.database.url },
      });
      await again.ended;
      expect([again.exitCode(), again.output()]).toEqual([2, expect.stringContaining("A newer Yuanba")]);
    } finally {
      await newer.query("delete from kysely_migration where name like '9999%'");
      await newer.end();
      people.leave();
    }
  });

  it("[FO-21 FO-12] understand nothing of each other's words, and follow each other by the log: edits, events, each once", async () => {
    const other = await serverProcess(
      { dataDir, databaseUrl: all.database.url },
      {
        REDIS_URL: all.redis.url,
        LOG_LEVEL: "silent",
        NODE_OPTIONS: `--import=${new URL("other-version.ts", import.meta.url).href}`,
      },
    );
    const service = await other.start();
    await until("its bus works for itself", async () => (await readiness(other)).status === "ready");
    const here = all.node(0);
    const [ours, theirs] = [await people.board(here, 0), await people.board(other, 1)];
    const [hears, speaks] = [await people.socket(here, 2), await people.socket(other, 3)];
    for (const { provider } of [ours, theirs]) provider.awareness.setLocalStateField("here", true);
    const has = (who: Neighbour, by: Neighbour) => readItem(who.doc, by.householdId, "x") !== null;
    addItem(ours.doc, ours.householdId, "x", draft("梯子"));
    addItem(theirs.doc, theirs.householdId, "x", draft("锤子"));
    await until("each has the other's item", () => has(ours, theirs) && has(theirs, ours));
    const { channelId } = all.seeded;
    for (const socket of [speaks, hears])
      expect(
        await socket.send("chat.post", { messageId: nanoid(), channelId, text: "新版本来了" }),
      ).toMatchObject({ ok: true });
    await until("each hears both messages", () =>
      [hears, speaks].every(
        ({ events }) => events.filter(({ name }) => name === "chat.message-was-posted").length === 2,
      ),
    );
    // What is in no log, and was said before all of it, did not pass; and both nodes say that they are well.
    expect([theirs.shows("here"), ours.shows("here")]).toEqual([[], []]);
    for (const node of [here, other]) expect((await readiness(node)).status).toBe("ready");
    expect(people.sentTwice()).toEqual([]);
    people.leave();
    service.signal("SIGTERM");
    await service.ended;
    expect(service.exitCode()).toBe(0);
  });
});
