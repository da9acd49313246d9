import type { Storage } from "../storage/storage.ts";
import { applyBoards, writeBoards } from "./apply-boards.ts";
import { applyChat } from "./apply-chat.ts";
import { applyPeople } from "./apply-people.ts";
import { applyPlaces } from "./apply-places.ts";
import { applyVotes } from "./apply-votes.ts";
import { day } from "./local-time.ts";
import type { DemoPlan } from "./plan-types.ts";

/**
 * Stores a whole plan in one unit of work: a demo that was interrupted has left nothing behind.
 * The database must not hold this plan yet.
 */
export async function applyDemo(storage: Storage, plan: DemoPlan): Promise<void> {
  const written = writeBoards(plan);
  const since = Math.min(...plan.residents.map(({ joinedAt }) => joinedAt)) - day;
  await storage.write(async (tx) => {
    await applyPlaces(tx.db, plan, since);
    await applyPeople(tx.db, plan);
    await applyBoards(tx, storage.dialect, plan, written, since);
    await applyChat(tx.db, plan, since);
    await applyVotes(tx, storage.dialect, plan);
  });
}
