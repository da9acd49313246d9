import { sql } from "kysely";
import { nanoid } from "nanoid";
import { addItem, editItem } from "../../shared/board/rules.ts";
import { defaultRule } from "../../shared/proposals/rules.ts";
import { openSocket, type SocketClient } from "../server/socket-client.ts";
import { openYard, type Yard } from "../server/yard.ts";
import { startPostgres } from "../services/postgres.ts";

/**
 * Measures by how many bytes the database grows for each thing that people do, on both, for "What grows" in
 * docs/operating.md: `node test/scaling/growth.ts`, two minutes.
 */
const rounds = 40;
const doors = ["1", "2"].flatMap((building) =>
  ["1", "2"].flatMap((unit) => ["101", "201", "301"].map((door) => `${building}-${unit}-${door}`)),
);

/** Bytes in use, with all indices. */
async function size({ app: { storage } }: Yard): Promise<number> {
  if (storage.dialect === "sqlite") {
    const pages = sql<{ used: number }>`select (select page_count from pragma_page_count)
      - (select freelist_count from pragma_freelist_count) as used`;
    return 4096 * Number((await pages.execute(storage.db)).rows[0]?.used);
  }
  await sql`vacuum analyze`.execute(storage.db);
  const total = sql<{
    bytes: number;
  }>`select sum(pg_total_relation_size(relid)) as bytes from pg_stat_user_tables`;
  return Number((await total.execute(storage.db)).rows[0]?.bytes);
}

async function growth(yard: Yard, count: number, work: () => Promise<void>): Promise<number> {
  const before = await size(yard);
  await work();
  return Math.round(((await size(yard)) - before) / count);
}

async function done(answer: Promise<{ ok: boolean }>): Promise<void> {
  const said = await answer;
  if (!said.ok) throw new Error(JSON.stringify(said));
}

/** A server takes one message a second of one person. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 1_050));

async function measure(yard: Yard) {
  const { app, boardId, courtyardId, communityId } = yard;
  const people = await Promise.all(doors.map((door) => yard.resident(door)));
  const clients: SocketClient[] = [];
  for (const { token } of people) clients.push(await openSocket(yard.url, token));
  const leader = await openSocket(yard.url, (await yard.resident(null, ["facilitator"])).token);
  const channel = await app.storage.db
    .selectFrom("channels")
    .select("id")
    .where("courtyard_id", "=", courtyardId)
    .where("building_id", "is", null)
    .executeTakeFirstOrThrow();
  const eachOften = async (work: (client: SocketClient) => Promise<void>) => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all([...clients.map(work), pause()]);
    }
  };
  const edits = async (itemsOfHome: number) => {
    for (const [at, { residentId }] of people.entries()) {
      const householdId = yard.household(doors[at] ?? "");
      const writer = { residentId, displayName: "邻居", householdId, door: doors[at] ?? "" };
      for (let item = 0; item < itemsOfHome; item++) {
        const id = nanoid(12);
        const thing = {
          title: "可折叠的铝合金梯子",
          category: "tools" as const,
          note: "周末在家，随时来拿",
          quantity: 1,
        };
        await app.rooms.edit(boardId, writer, (doc) => void addItem(doc, householdId, id, thing));
        for (let change = 0; change < 4; change++)
          await app.rooms.edit(
            boardId,
            writer,
            (doc) => void editItem(doc, householdId, id, { quantity: 2 + change }),
          );
      }
    }
  };
  // Until its log is folded again and again, a board grows by what is folded later.
  await edits(10);
  const edit = await growth(yard, doors.length * 20 * 5, () => edits(20));
  const message = await growth(yard, doors.length * rounds, () =>
    eachOften((client) =>
      done(
        client.send("chat.post", {
          messageId: nanoid(),
          channelId: channel.id,
          text: "谁家有三米的梯子，周六借一天，谢谢！",
        }),
      ),
    ),
  );
  const proposalId = nanoid();
  const draft = {
    question: "晾衣区怎么改",
    body: "看大家的意见。",
    kind: "yes-no-abstain" as const,
    options: [],
  };
  const rule = { ...defaultRule, changeable: true };
  await done(leader.send("proposal.write", { proposalId, ...draft, rule }));
  await done(leader.send("proposal.open", { proposalId, ending: { afterSeconds: 3_600 } }));
  let cast = 0;
  const ballot = await growth(yard, doors.length * rounds, () =>
    eachOften((client) =>
      done(
        client.send("ballot.cast", {
          ballotId: nanoid(),
          proposalId,
          round: 1,
          optionId: cast++ % 2 ? "yes" : "no",
        }),
      ),
    ),
  );
  const session = await growth(yard, 2_000, () =>
    app.storage.write(async (tx) => {
      const [first] = people;
      for (let at = 0; at < 2_000; at++)
        await app.sessions.start(tx, {
          communityId,
          residentId: first?.residentId ?? "",
          device: "WeChat · Android",
        });
    }),
  );
  for (const client of [...clients, leader]) client.close();
  return { edit, message, ballot, session };
}

const env = { COMPACT_AFTER_UPDATES: "100" };
const postgres = await startPostgres();
const database = { ...env, DATABASE_URL: postgres.url };
const onSqlite = await openYard({ env });
const onPostgres = await openYard({ env: database });
try {
  const [sqlite, served] = await Promise.all([measure(onSqlite), measure(onPostgres)]);
  console.log("| bytes for each | SQLite | PostgreSQL |\n| --- | --: | --: |");
  for (const [name, bytes] of Object.entries(sqlite))
    console.log(`| ${name} | ${bytes} | ${served[name as keyof typeof served]} |`);
} finally {
  await onSqlite.close();
  await onPostgres.close();
  await postgres.stop();
}
