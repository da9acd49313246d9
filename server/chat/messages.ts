import type { Kysely, Updateable } from "kysely";
import type { MessageState, ReportRule } from "../../shared/chat/model.ts";
import { doorLabel } from "../community/door-label.ts";
import type { Schema } from "../storage/schema.ts";
import type { ChatTables } from "../storage/tables/chat.ts";

/** A message with all the server knows of it. What others may see of it is decided in present.ts. */
export interface StoredMessage {
  id: string;
  channelId: string;
  seq: number;
  at: number;
  author: { residentId: string; name: string; door: string | null };
  text: string;
  state: MessageState;
  /** First rule named by a report that is open or was upheld. */
  rule: ReportRule | null;
  editedAt: number | null;
  version: number;
  /** All events that carry its text have a higher `seq`. */
  logAfter: number;
}

const withAuthors = (db: Kysely<Schema>) =>
  db
    .selectFrom("messages")
    .innerJoin("residents", "residents.id", "messages.author_id")
    .leftJoin("households", "households.id", "residents.household_id")
    .leftJoin("units", "units.id", "households.unit_id")
    .leftJoin("buildings", "buildings.id", "households.building_id")
    .selectAll("messages")
    .select((eb) => [
      "residents.display_name",
      "households.door",
      "units.name as unit",
      "buildings.name as building",
      eb
        .selectFrom("message_reports")
        .select("message_reports.rule")
        .whereRef("message_reports.message_id", "=", "messages.id")
        .where((or) =>
          or.or([or("message_reports.decision", "is", null), or("message_reports.decision", "=", "remove")]),
        )
        .orderBy("message_reports.at")
        .limit(1)
        .as("rule"),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof withAuthors>["execute"]>>[number];

const stored = (row: Row): StoredMessage => ({
  id: row.id,
  channelId: row.channel_id,
  seq: row.seq,
  at: row.at,
  author: {
    residentId: row.author_id,
    name: row.display_name,
    door: row.door === null ? null : doorLabel(row.building ?? "", row.unit ?? "", row.door),
  },
  text: row.text,
  state: row.deleted_at === null ? row.state : "deleted",
  rule: row.rule as ReportRule | null,
  editedAt: row.edited_at,
  version: row.version,
  logAfter: row.log_after,
});

export async function findMessage(db: Kysely<Schema>, messageId: string): Promise<StoredMessage | null> {
  const row = await withAuthors(db).where("messages.id", "=", messageId).executeTakeFirst();
  return row ? stored(row) : null;
}

export async function findMessages(db: Kysely<Schema>, ids: readonly string[]): Promise<StoredMessage[]> {
  if (ids.length === 0) return [];
  return (await withAuthors(db).where("messages.id", "in", ids).execute()).map(stored);
}

/** Reads a message and keeps others from changing it until the unit commits. */
export async function lockMessage(db: Kysely<Schema>, messageId: string): Promise<StoredMessage | null> {
  // An update that changes nothing locks the row on both dialects.
  await db
    .updateTable("messages")
    .set((eb) => ({ version: eb.ref("version") }))
    .where("id", "=", messageId)
    .execute();
  return findMessage(db, messageId);
}

/** Messages in order: the last ones, those before a number (exclusive), or those after one. */
export async function pageOf(
  db: Kysely<Schema>,
  page: { channelId: string; before?: number | undefined; after?: number | undefined; limit: number },
): Promise<StoredMessage[]> {
  let query = withAuthors(db).where("messages.channel_id", "=", page.channelId).limit(page.limit);
  if (page.after !== undefined) {
    query = query.where("messages.seq", ">", page.after).orderBy("messages.seq", "asc");
    return (await query.execute()).map(stored);
  }
  if (page.before !== undefined) query = query.where("messages.seq", "<", page.before);
  return (await query.orderBy("messages.seq", "desc").execute()).map(stored).reverse();
}

/**
 * Stores a new message.
 * @returns false if its id is taken; the constraint in the database decides (INV-3)
 */
export async function insertMessage(
  db: Kysely<Schema>,
  message: { id: string; channelId: string; seq: number; authorId: string; text: string; at: number },
  communityId: string,
): Promise<boolean> {
  const { seq: logAfter } = await db
    .selectFrom("communities")
    .select("seq")
    .where("id", "=", communityId)
    .executeTakeFirstOrThrow();
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("messages")
    .values({
      id: message.id,
      channel_id: message.channelId,
      seq: message.seq,
      author_id: message.authorId,
      text: message.text,
      at: message.at,
      edited_at: null,
      deleted_at: null,
      state: "shown",
      version: 1,
      log_after: logAfter,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Changes a message and raises its version; answers with the message as it is then. */
export async function changeMessage(
  db: Kysely<Schema>,
  messageId: string,
  change: Pick<Updateable<ChatTables["messages"]>, "text" | "edited_at" | "deleted_at" | "state">,
): Promise<StoredMessage> {
  await db
    .updateTable("messages")
    .set((eb) => ({ ...change, version: eb("version", "+", 1) }))
    .where("id", "=", messageId)
    .execute();
  const message = await findMessage(db, messageId);
  if (!message) throw new Error("A message vanished inside the unit that changed it.");
  return message;
}
