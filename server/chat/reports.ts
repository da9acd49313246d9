import type { Kysely } from "kysely";
import type { Decision, ReportRule } from "../../shared/chat/model.ts";
import type { Schema } from "../storage/schema.ts";

/** Stores a report; one a person and message. @returns false if this person reported it before */
export async function insertReport(
  db: Kysely<Schema>,
  report: { id: string; messageId: string; reporterId: string; rule: ReportRule; at: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("message_reports")
    .values({
      id: report.id,
      message_id: report.messageId,
      reporter_id: report.reporterId,
      rule: report.rule,
      at: report.at,
      decided_at: null,
      decided_by: null,
      decision: null,
    })
    .onConflict((conflict) => conflict.columns(["message_id", "reporter_id"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** True if these very words were kept before: another report then waits without blurring them again. */
export async function wasKept(db: Kysely<Schema>, messageId: string, since: number): Promise<boolean> {
  const row = await db
    .selectFrom("message_reports")
    .select("id")
    .where("message_id", "=", messageId)
    .where("decision", "=", "keep")
    .where("decided_at", ">=", since)
    .executeTakeFirst();
  return row !== undefined;
}

export async function hasOpenReport(db: Kysely<Schema>, messageId: string): Promise<boolean> {
  const row = await db
    .selectFrom("message_reports")
    .select("id")
    .where("message_id", "=", messageId)
    .where("decided_at", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Settles the open reports of a message. A removed message that is kept after all takes its earlier
 * decisions back, so that no rule stays named at it.
 */
export async function settleReports(
  db: Kysely<Schema>,
  settled: { messageId: string; decision: Decision; by: string; at: number },
): Promise<void> {
  await db
    .updateTable("message_reports")
    .set({ decision: settled.decision, decided_by: settled.by, decided_at: settled.at })
    .where("message_id", "=", settled.messageId)
    .where((or) =>
      settled.decision === "keep"
        ? or.or([or("decision", "is", null), or("decision", "=", "remove")])
        : or("decision", "is", null),
    )
    .execute();
}

/** How many messages of each channel wait for a decision. */
export async function waitingCounts(
  db: Kysely<Schema>,
  channelIds: readonly string[],
): Promise<Map<string, number>> {
  if (channelIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("message_reports")
    .innerJoin("messages", "messages.id", "message_reports.message_id")
    .select((eb) => ["messages.channel_id", eb.fn.count<number>("messages.id").distinct().as("waiting")])
    .where("message_reports.decided_at", "is", null)
    .where("messages.channel_id", "in", channelIds)
    .groupBy("messages.channel_id")
    .execute();
  return new Map(rows.map(({ channel_id, waiting }) => [channel_id, Number(waiting)]));
}

export interface WaitingMessage {
  messageId: string;
  since: number;
  reports: { rule: ReportRule; count: number }[];
}

/** Messages with open reports, the longest waiting first. Who reported stays here. */
export async function waitingMessages(
  db: Kysely<Schema>,
  channelIds: readonly string[],
  limit: number,
): Promise<WaitingMessage[]> {
  if (channelIds.length === 0) return [];
  const rows = await db
    .selectFrom("message_reports")
    .innerJoin("messages", "messages.id", "message_reports.message_id")
    .select((eb) => [
      "message_reports.message_id",
      "message_reports.rule",
      eb.fn.count<number>("message_reports.id").as("count"),
      eb.fn.min("message_reports.at").as("since"),
    ])
    .where("message_reports.decided_at", "is", null)
    .where("messages.channel_id", "in", channelIds)
    .groupBy(["message_reports.message_id", "message_reports.rule"])
    .execute();
  const waiting = new Map<string, WaitingMessage>();
  for (const { message_id, rule, count, since } of rows) {
    const entry = waiting.get(message_id) ?? { messageId: message_id, since, reports: [] };
    entry.since = Math.min(entry.since, since);
    entry.reports.push({ rule: rule as ReportRule, count: Number(count) });
    waiting.set(message_id, entry);
  }
  return [...waiting.values()].sort((a, b) => a.since - b.since).slice(0, limit);
}
