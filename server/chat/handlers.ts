import type { chatContract } from "../../shared/chat/contract.ts";
import type { Clock } from "../clock.ts";
import type { EventLog } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Storage } from "../storage/storage.ts";
import { createAccess } from "./access.ts";
import { channelsOf, createChannelDirectory, lastSeq, marksOf } from "./channels.ts";
import { createJudging } from "./judging.ts";
import { pageOf } from "./messages.ts";
import { activeMute } from "./mutes.ts";
import { createMuting } from "./muting.ts";
import { createPassing } from "./passing.ts";
import { may } from "./policy.ts";
import { presentMessage } from "./present.ts";
import { waitingCounts } from "./reports.ts";
import { createWriting } from "./writing.ts";

/** The server's side of the chat. */
export function createChatHandlers(deps: {
  log: EventLog;
  storage: Pick<Storage, "db">;
  tell: Pick<Tell, "signal" | "others" | "hear">;
  clock: Clock;
  /** Hears of what went wrong with a passing state, which nobody waits for. */
  onFault(error: unknown): void;
}): AreaHandlers<typeof chatContract> {
  const { log, storage, tell, clock, onFault } = deps;
  const { db } = storage;
  const channels = createChannelDirectory(db);
  const access = createAccess({ db, channels });
  const judging = createJudging({ log, storage, access });
  const muting = createMuting({ log, storage });

  const buildingName = async (buildingId: string): Promise<string | null> => {
    const row = await db
      .selectFrom("buildings")
      .select("name")
      .where("id", "=", buildingId)
      .executeTakeFirst();
    return row?.name ?? null;
  };

  return {
    commands: {
      ...createWriting({ log, storage, tell, access }),
      ...judging.commands,
      ...muting.commands,
    },

    queries: {
      ...judging.queries,
      ...muting.queries,
      "chat.page": async ({ channelId, ...page }, context) => {
        const actor = context.person();
        const channel = await access.channel(actor, channelId, "read");
        const viewer = { residentId: actor.residentId, judges: may(actor, "judge", channel) };
        const messages = await pageOf(db, { channelId, ...page });
        // Read after the page, so that it is never behind it.
        const last = await lastSeq(db, channelId);
        return { messages: messages.map((message) => presentMessage(message, viewer)), lastSeq: last };
      },
    },

    whispers: createPassing({ channels, tell, now: () => clock.now(), buildingName, onFault }),

    snapshot: async ({ actor }) => {
      if (actor.kind === "kiosk") throw new Refusal("not-allowed", "A screen has no chat.");
      const { residentId, courtyardId } = actor;
      const mine = (await channelsOf(db, courtyardId)).filter((channel) => may(actor, "read", channel));
      const judged = mine.filter((channel) => may(actor, "judge", channel)).map(({ id }) => id);
      const [marks, waiting, mute] = await Promise.all([
        marksOf(
          db,
          residentId,
          mine.map(({ id }) => id),
        ),
        waitingCounts(db, judged),
        activeMute(db, { courtyardId, residentId }, clock.now()),
      ]);
      const markOf = new Map(marks.map((mark) => [mark.channelId, mark]));
      return {
        residentId,
        courtyardId,
        channels: mine.map(({ id, buildingId, name, lastSeq }) => ({
          id,
          buildingId,
          name,
          lastSeq: markOf.get(id)?.lastSeq ?? lastSeq,
          seenSeq: markOf.get(id)?.seenSeq ?? 0,
          mayJudge: judged.includes(id),
          waiting: waiting.get(id) ?? 0,
        })),
        mute,
      };
    },

    /** Marks are passing states on the wire: whoever comes back by cursor is told where they stand now. */
    signals: async ({ actor }) => {
      if (actor.kind === "kiosk") return [];
      const mine = (await channelsOf(db, actor.courtyardId)).filter((each) => may(actor, "read", each));
      const marks = await marksOf(
        db,
        actor.residentId,
        mine.map(({ id }) => id),
      );
      return [{ name: "chat.marks", data: { channels: marks } }];
    },
  };
}
