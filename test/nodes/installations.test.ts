import { nanoid } from "nanoid";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { writeEnvelope } from "../../server/fanout/envelope.ts";
import { readInstallation } from "../../server/fanout/installation.ts";
import { openPostgres } from "../../server/storage/postgres.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { type Database, freshDatabase } from "../services/postgres.ts";
import { until } from "../services/until.ts";
import { dialects } from "../storage/dialects.ts";
import { draft } from "../sync/guarded-board.ts";
import { testInstallation } from "./bus-stubs.ts";
import { copyDatabase } from "./copied-database.ts";
import { type Neighbour, type Neighbours, neighboursOf } from "./neighbours.ts";
import { type Nodes, openNodes, type TestNode } from "./nodes.ts";
import { openStored } from "./stored.ts";

describe("two installations on one Redis, of which one is a copy of the other", () => {
  let all: Nodes;
  let copied: Database;
  /** Two nodes each. */
  let house: TestNode[];
  let copy: TestNode[];
  const people: Neighbours[] = [];
  beforeAll(async () => {
    all = await openNodes(0);
    copied = await copyDatabase(all.database);
    const env = { DATABASE_URL: copied.url };
    house = [await all.add(), await all.add()];
    copy = [await all.add({ env }), await all.add({ env })];
    await all.ready();
  });
  afterAll(async () => {
    for (const each of people) each.leave();
    await all.close();
    await copied.drop();
  });

  const comeIn = async (nodes: TestNode[]) => {
    const [one, two] = nodes;
    if (!one || !two) throw new Error("there are two nodes");
    const residents = neighboursOf(all.seeded);
    people.push(residents);
    const [here, there] = [await residents.board(one, 0), await residents.board(two, 1)];
    return { here, there, socket: await residents.socket(two, 1), talker: await residents.socket(one, 0) };
  };
  const write = async (from: Neighbour, to: Neighbour, itemId: string) => {
    addItem(from.doc, from.householdId, itemId, draft(itemId));
    await until("the other node has it", () => readItem(to.doc, from.householdId, itemId));
  };
  const post = (text: string) => ({ messageId: nanoid(), channelId: all.seeded.channelId, text });

  it("[FO-33] what is written, said and shown in one is not heard in the other, and each hears itself", async () => {
    const [inHouse, inCopy] = [await comeIn(house), await comeIn(copy)];
    const taken = copy.map(({ app }) => app.rooms.counters.taken);
    inHouse.here.provider.awareness.setLocalState({ from: "house" });
    await write(inHouse.here, inHouse.there, "saw");
    await until("who is there is seen", () => inHouse.there.shows("from").length > 0);
    expect(await inHouse.talker.send("chat.post", post("在老房子"))).toMatchObject({ ok: true });
    await until("the message is heard", () => inHouse.socket.events.length > 0);
    // Redis hands on in order: had the copy heard the house, then before this.
    await write(inCopy.here, inCopy.there, "pan");
    expect(await inCopy.talker.send("chat.post", post("在副本"))).toMatchObject({ ok: true });
    await until("the message is heard", () => inCopy.socket.events.length > 0);

    expect(copy.map(({ app }, at) => app.rooms.counters.taken - (taken[at] ?? 0))).toEqual([0, 1]);
    expect(readItem(inCopy.there.doc, inHouse.here.householdId, "saw")).toBeNull();
    expect(inCopy.there.shows("from")).toEqual([]);
    expect(JSON.stringify(inCopy.socket.events)).not.toContain("在老房子");
    const stored = openStored(copied.url);
    const { seqs } = await stored.board(all.seeded.boardId);
    expect(seqs).toEqual([1]);
    await stored.close();
  });

  it("[FO-33] a forged event that comes before the real one does not take its place", async () => {
    const [one, two] = house;
    if (!one || !two) throw new Error("there are two nodes");
    const residents = neighboursOf(all.seeded);
    people.push(residents);
    const [talker, listener] = [await residents.socket(one, 2), await residents.socket(two, 3)];
    const { db } = one.app.storage;
    const { id, seq } = await db.selectFrom("communities").select(["id", "seq"]).executeTakeFirstOrThrow();
    const rooms = [`courtyard:${all.seeded.courtyardId}`];
    const forged = [{ seq: seq + 1, at: 1, name: "chat.message-was-posted", rooms, data: { text: "假的" } }];
    const word = Buffer.from(JSON.stringify(forged));
    const channel = `community:${id}`;
    const { prefix } = await readInstallation(one.app.storage);
    const raw = all.redis.speak();
    for (const bytes of [
      word,
      Buffer.concat([Buffer.from([1, 6]), Buffer.from("forger"), word]),
      writeEnvelope(testInstallation().key, channel, { nodeId: "forger", count: 1, at: Date.now() }, word),
    ])
      await raw.say(prefix + channel, bytes);
    expect(await talker.send("chat.post", post("真的"))).toMatchObject({ ok: true });
    await until("it is heard", () => listener.events.length > 0);
    expect(listener.events.map(({ data }) => (data as { text: string }).text)).toEqual(["真的"]);
    raw.close();
  });
});

describe("the installation of a database", () => {
  const closings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });
  const open = async (url: string): Promise<Storage> => {
    const storage = await openPostgres(url, 4);
    closings.push(() => storage.close());
    return storage;
  };
  const told = async (storage: Storage) => {
    const { prefix, key } = await readInstallation(storage);
    return [prefix, key.export().toString("hex")];
  };

  for (const dialect of dialects) {
    it(`[FO-33] on ${dialect.name} it is made once and is another for every database`, async () => {
      const [one, two] = [await dialect.open(), await dialect.open()];
      closings.push(one.close, two.close);
      const first = await told(one.storage);
      expect(await told(one.storage)).toEqual(first);
      const [prefix, key] = await told(two.storage);
      expect(first).not.toContain(prefix);
      expect(first).not.toContain(key);
    });
  }

  it("[FO-33] nodes that start at the same moment make one", async () => {
    const database = await freshDatabase();
    closings.push(() => database.drop());
    const nodes = await Promise.all(Array.from({ length: 4 }, () => open(database.url)));
    const each = await Promise.all(nodes.map(told));
    expect(new Set(each.map(([prefix]) => prefix)).size).toBe(1);
    expect(new Set(each.map(([, key]) => key)).size).toBe(1);
  });

  it("[FO-33] a role that may not ask which cluster it is has one all the same, by the name of the database", async () => {
    const database = await freshDatabase();
    closings.push(() => database.drop());
    const storage = await open(database.url);
    const known = await told(storage);
    const stored = openStored(database.url);
    closings.push(() => stored.close());
    const role = `guest_${nanoid(8).toLowerCase().replace(/\W/g, "x")}`;
    await stored.rows(`revoke execute on function pg_control_system() from public`);
    await stored.rows(`create role ${role} login superuser`);
    await stored.rows(`alter role ${role} nosuperuser`);
    await stored.rows(`grant all on all tables in schema public to ${role}`);
    closings.push(async () => {
      await stored.rows(`drop owned by ${role}`);
      await stored.rows(`drop role ${role}`);
    });
    const url = new URL(database.url);
    url.username = role;
    const [one, two] = [await told(await open(url.href)), await told(await open(url.href))];
    expect(one).toEqual(two);
    expect(one).not.toEqual(known);
  });
});
