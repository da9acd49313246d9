import { isDeepStrictEqual } from "node:util";
import type { ColdReader, LoggedRow } from "./cold-read.ts";
import type { Crowd } from "./crowd.ts";
import type { EventLink } from "./event-link.ts";
import type { Findings } from "./findings.ts";
import type { Fleet } from "./fleet.ts";
import { judgeRecovery, type Ledger } from "./ledger.ts";
import { disagreement, replicaOf, titlesOf } from "./replica.ts";
import type { SaidMessage, Talker } from "./talker.ts";
import type { Voter } from "./voter.ts";

/** Judges a whole run by what the database holds; nothing of the server's own reading is used. */
export async function judgeDatabase(deps: {
  fleet: Pick<Fleet, "seeded">;
  crowd: Pick<Crowd, "writers" | "talkers" | "voters" | "eventLinks" | "boardLinks">;
  ledger: Ledger;
  reader: ColdReader;
  findings: Findings;
}): Promise<{ updates: number; events: number; messages: number }> {
  const { fleet, crowd, ledger, reader, findings } = deps;
  const { boardId, courtyardId, channelId, households } = fleet.seeded;
  const ids = households.map(({ householdId }) => householdId);
  const board = await reader.board(boardId);
  for (const fault of board.faults) findings.add("log-broken", fault);
  const copies = crowd.boardLinks.map(({ doc }, at) => replicaOf(`client ${at}`, doc, ids));
  const difference = disagreement([replicaOf("the database", board.doc, ids), ...copies]);
  if (difference) findings.add("database-differs", difference);
  const finished = new Set(
    crowd.writers.filter((writer) => !writer.refused && writer.allSaved).flatMap(({ stories }) => stories),
  );
  judgeRecovery(ledger, titlesOf(board.doc, ids), finished, findings);

  const events = await reader.events();
  judgeDense("event", events, findings);
  for (const link of crowd.eventLinks) judgeHeard(link, events, `courtyard:${courtyardId}`, findings);
  const messages = await reader.messages(channelId);
  judgeDense("message", messages, findings);
  judgeMessages(crowd.talkers, messages, events, findings);
  await judgeBallots(crowd.voters, reader, findings);
  return { updates: board.updates, events: events.length, messages: messages.length };
}

function judgeDense(what: string, rows: { seq: number }[], findings: Findings): void {
  rows.forEach(({ seq }, at) => {
    if (seq !== at + 1) findings.add("not-dense", `${what} ${at + 1} is numbered ${seq}`);
  });
}

/** Within a stretch a client hears everything that is for it, once, in order, and as it is in the log. */
export function judgeHeard(
  { name, stretches }: Pick<EventLink, "name" | "stretches">,
  log: LoggedRow[],
  room: string,
  findings: Findings,
): void {
  const logged = new Map(log.map((row) => [row.seq, row]));
  for (const { after, upTo, events } of stretches) {
    const heard = new Set(events.map(({ seq }) => seq));
    const missed = log.filter(
      ({ seq, rooms }) => seq > after && seq <= upTo && rooms.includes(room) && !heard.has(seq),
    );
    if (missed.length > 0) {
      const numbers = missed.map(({ seq }) => seq).join(", ");
      findings.add("silent-hole", `${name} heard ${after} to ${upTo} without ${numbers}`);
    }
    for (const event of events) {
      const row = logged.get(event.seq);
      if (!row || row.name !== event.name || !isDeepStrictEqual(row.data, event.data))
        findings.add("event-differs", `${name} heard ${event.seq} ${event.name}, the log has ${row?.name}`);
    }
  }
}

function judgeMessages(
  talkers: Talker[],
  messages: (SaidMessage & { seq: number })[],
  events: LoggedRow[],
  findings: Findings,
): void {
  const stored = new Map(messages.map((message) => [message.id, message]));
  for (const { id, text, seq } of talkers.flatMap(({ said }) => said)) {
    const there = stored.get(id);
    if (seq !== null && !there) findings.add("lost-message", `message ${id} was told number ${seq}`);
    else if (there && seq !== null && there.seq !== seq)
      findings.add("answered-twice", `message ${id} was told ${seq} and is number ${there.seq}`);
    if (there && there.text !== text) findings.add("message-differs", `message ${id}: "${there.text}"`);
  }
  const told = new Map<string, number>();
  for (const { name, data } of events) {
    if (name !== "chat.message-was-posted") continue;
    const { id } = data as { id: string };
    told.set(id, (told.get(id) ?? 0) + 1);
  }
  for (const { id } of messages)
    if (told.get(id) !== 1) findings.add("message-told", `message ${id} was told ${told.get(id) ?? 0} times`);
}

async function judgeBallots(voters: Voter[], reader: ColdReader, findings: Findings): Promise<void> {
  const rows = await reader.rows<{ id: string; receipt: string }>("select id, receipt from ballots");
  const stored = new Map(rows.map(({ id, receipt }) => [id, receipt]));
  for (const [id, receipt] of voters.flatMap(({ receipts }) => [...receipts]))
    if (stored.get(id) !== receipt) findings.add("lost-ballot", `ballot ${id} was given receipt ${receipt}`);
  const twice = await reader.rows<{ household_id: string }>(
    "select household_id from ballots where superseded_at is null group by household_id having count(*) > 1",
  );
  for (const { household_id } of twice) findings.add("counted-twice", `household ${household_id}`);
}
