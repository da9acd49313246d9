import type { Kysely } from "kysely";
import type { ChatMessage, MessageChange } from "../../shared/chat/model.ts";
import type { EventName } from "../../shared/wire/contract.ts";
import type { Schema } from "../storage/schema.ts";
import type { StoredMessage } from "./messages.ts";

const carriers: readonly EventName[] = ["chat.message-was-posted", "chat.message-was-changed"];

/**
 * Takes the words of a message out of the events that carried them, in the unit that hides it. Someone who
 * catches up by cursor would otherwise be told what was blurred, removed or taken back while they were away.
 * Order, numbers and audiences of the log stay as they are.
 */
export async function hideInLog(
  db: Kysely<Schema>,
  communityId: string,
  { id, logAfter, state }: Pick<StoredMessage, "id" | "logAfter" | "state">,
): Promise<void> {
  const rows = await db
    .selectFrom("events")
    .select(["seq", "data"])
    .where("community_id", "=", communityId)
    .where("seq", ">", logAfter)
    .where("name", "in", carriers)
    .where("data", "like", `%"${id}"%`)
    .execute();
  for (const { seq, data } of rows) {
    const told: ChatMessage | MessageChange = JSON.parse(data);
    if (told.id !== id || told.text === null) continue;
    await db
      .updateTable("events")
      .set({ data: JSON.stringify({ ...told, text: null, state }) })
      .where("community_id", "=", communityId)
      .where("seq", "=", seq)
      .execute();
  }
}
