import type { Kysely } from "kysely";
import type { Schema } from "../../storage/schema.ts";

interface Numbers {
  least: number;
  most: number;
  count: number;
}

/** Every number from `first` to `last` once, or a sentence. */
function gap(what: string, { least, most, count }: Numbers, first: number, last: number): string | null {
  if (count === 0 && last < first) return null;
  if (count > 0 && least === first && most === last && count === last - first + 1) return null;
  const there = count === 0 ? "there is none" : `there are ${count}, from ${least} to ${most}`;
  return `${what}: should be numbered ${first} to ${last}; ${there}`;
}

/** Finds holes in what must be numbered without one: events, board updates, messages, acts. */
export async function checkSequences(db: Kysely<Schema>): Promise<string[]> {
  const findings = [
    ...(await checkEvents(db)),
    ...(await checkBoards(db)),
    ...(await checkMessages(db)),
    ...(await checkActs(db)),
  ];
  return findings.filter((finding) => finding !== null);
}

async function checkEvents(db: Kysely<Schema>) {
  const rows = await db
    .selectFrom("communities")
    .leftJoin("events", "events.community_id", "communities.id")
    .select(({ fn }) => [
      "communities.id",
      "communities.seq",
      fn.min("events.seq").as("least"),
      fn.max("events.seq").as("most"),
      fn.count("events.seq").as("count"),
    ])
    .groupBy(["communities.id", "communities.seq"])
    .execute();
  return rows.map((row) => gap(`events of community ${row.id}`, numbersOf(row), 1, row.seq));
}

async function checkBoards(db: Kysely<Schema>) {
  const snapshots = await db
    .selectFrom("board_snapshots")
    .select(({ fn }) => ["board_id", fn.max("seq").as("most")])
    .groupBy("board_id")
    .execute();
  const snapshotOf = new Map(snapshots.map((row) => [row.board_id, Number(row.most)]));
  const rows = await db
    .selectFrom("boards")
    .leftJoin("board_updates", "board_updates.board_id", "boards.id")
    .select(({ fn }) => [
      "boards.id",
      "boards.seq",
      fn.min("board_updates.seq").as("least"),
      fn.max("board_updates.seq").as("most"),
      fn.count("board_updates.seq").as("count"),
    ])
    .groupBy(["boards.id", "boards.seq"])
    .execute();
  return rows.map((row) => {
    const numbers = numbersOf(row);
    const snapshot = snapshotOf.get(row.id) ?? 0;
    // Rows that a snapshot holds may have been folded away or not.
    const first = numbers.count > 0 ? Math.min(numbers.least, snapshot + 1) : snapshot + 1;
    return gap(`updates of board ${row.id}`, numbers, first, row.seq);
  });
}

async function checkMessages(db: Kysely<Schema>) {
  const rows = await db
    .selectFrom("channels")
    .leftJoin("messages", "messages.channel_id", "channels.id")
    .select(({ fn }) => [
      "channels.id",
      "channels.seq",
      fn.min("messages.seq").as("least"),
      fn.max("messages.seq").as("most"),
      fn.count("messages.seq").as("count"),
    ])
    .groupBy(["channels.id", "channels.seq"])
    .execute();
  return rows.map((row) => gap(`messages of channel ${row.id}`, numbersOf(row), 1, row.seq));
}

async function checkActs(db: Kysely<Schema>) {
  const rows = await db
    .selectFrom("proposal_acts")
    .select(({ fn }) => [
      "proposal_id",
      fn.min("seq").as("least"),
      fn.max("seq").as("most"),
      fn.countAll().as("count"),
    ])
    .groupBy("proposal_id")
    .execute();
  return rows.map((row) => {
    const numbers = numbersOf(row);
    return gap(`acts of proposal ${row.proposal_id}`, numbers, 1, numbers.most);
  });
}

const numbersOf = (row: { least: unknown; most: unknown; count: unknown }): Numbers => ({
  least: Number(row.least ?? 0),
  most: Number(row.most ?? 0),
  count: Number(row.count),
});
