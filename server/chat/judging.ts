import type { chatContract } from "../../shared/chat/contract.ts";
import { chatLimits } from "../../shared/chat/limits.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import type { EventLog, Unit } from "../events/log.ts";
import { newId } from "../identity/secrets.ts";
import { createPace } from "../pace.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Storage } from "../storage/storage.ts";
import { type Access, audienceOf, present } from "./access.ts";
import { type Channel, channelsOf } from "./channels.ts";
import { hideInLog } from "./logged-text.ts";
import { changeMessage, findMessages, lockMessage } from "./messages.ts";
import { muteTarget } from "./mutes.ts";
import { may, mayMute } from "./policy.ts";
import { presentChange, presentMessage } from "./present.ts";
import {
  hasOpenReport,
  insertReport,
  settleReports,
  waitingCounts,
  waitingMessages,
  wasKept,
} from "./reports.ts";

type Handlers = AreaHandlers<typeof chatContract>;

/** A neighbour names the rule a message breaks; a steward or officer of that place decides. */
export function createJudging(deps: { log: EventLog; storage: Pick<Storage, "db">; access: Access }): {
  commands: Pick<Handlers["commands"], "chat.report" | "chat.decide">;
  queries: Pick<Handlers["queries"], "chat.waiting">;
} {
  const { log, storage, access } = deps;
  const pace = createPace(chatLimits.reports);

  const tellWaiting = async (unit: Unit, { id, courtyardId }: Channel): Promise<void> => {
    const waiting = (await waitingCounts(unit.db, [id])).get(id) ?? 0;
    unit.tell("chat.reports-changed", { channelId: id, waiting }, { staff: courtyardId });
  };

  const mayMuteAuthor = async (actor: PersonActor, residentId: string): Promise<boolean> => {
    const target = await muteTarget(storage.db, actor.communityId, residentId);
    return target !== null && mayMute(actor, target);
  };

  return {
    commands: {
      "chat.report": async ({ messageId, rule }, context) => {
        const actor = context.person();
        const { message, channel } = await access.message(actor, messageId, "read");
        if (message.author.residentId === actor.residentId) {
          throw new Refusal("not-allowed", "One's own message is deleted, not reported.");
        }
        const wait = pace.take(actor.residentId, context.now);
        if (wait > 0) {
          throw new Refusal("rate-limited", "Too many reports.", { seconds: Math.ceil(wait / 1_000) });
        }
        return log.write(actor.communityId, async (unit) => {
          const { state, editedAt } = present(await lockMessage(unit.db, messageId));
          if (state === "deleted" || state === "removed") {
            throw new Refusal("message-gone", "The message is no longer there.");
          }
          const kept = await wasKept(unit.db, messageId, editedAt ?? 0);
          const report = { id: newId(), messageId, reporterId: actor.residentId, rule, at: unit.now };
          if (!(await insertReport(unit.db, report))) return { state };
          await tellWaiting(unit, channel);
          if (state === "blurred" || kept) return { state };
          const blurred = await changeMessage(unit.db, messageId, { state: "blurred" });
          await hideInLog(unit.db, actor.communityId, blurred);
          unit.tell("chat.message-was-changed", presentChange(blurred), audienceOf(channel));
          return { state: blurred.state };
        });
      },

      "chat.decide": async ({ messageId, decision }, context) => {
        const actor = context.person();
        const { message, channel } = await access.message(actor, messageId, "judge");
        if (message.author.residentId === actor.residentId) {
          throw new Refusal("not-allowed", "Nobody decides about their own words.");
        }
        return log.write(actor.communityId, async (unit) => {
          const { state } = present(await lockMessage(unit.db, messageId));
          const wanted = decision === "keep" ? "shown" : "removed";
          const open = await hasOpenReport(unit.db, messageId);
          if (!open && (state === wanted || state === "deleted")) return { state };
          // A removal can be taken back; beyond that only reported messages are decided about.
          if (!open && state !== "removed") {
            throw new Refusal("invalid-input", "Nobody has reported this message.", { field: "messageId" });
          }
          await settleReports(unit.db, { messageId, decision, by: actor.residentId, at: unit.now });
          await tellWaiting(unit, channel);
          if (state === "deleted") {
            await changeMessage(unit.db, messageId, { text: "" });
            return { state };
          }
          const decided = await changeMessage(unit.db, messageId, { state: wanted });
          if (wanted === "removed") await hideInLog(unit.db, actor.communityId, decided);
          unit.tell("chat.message-was-changed", presentChange(decided), audienceOf(channel));
          return { state: decided.state };
        });
      },
    },

    queries: {
      "chat.waiting": async (_input, context) => {
        const actor = context.person();
        const channels = await channelsOf(storage.db, actor.courtyardId);
        const judged = channels.filter((channel) => may(actor, "judge", channel)).map(({ id }) => id);
        const waiting = await waitingMessages(storage.db, judged, chatLimits.waiting);
        const found = await findMessages(
          storage.db,
          waiting.map(({ messageId }) => messageId),
        );
        const byId = new Map(found.map((message) => [message.id, message]));
        const viewer = { residentId: actor.residentId, judges: true };
        const messages = await Promise.all(
          waiting.flatMap(({ messageId, since, reports }) => {
            const message = byId.get(messageId);
            if (!message) return [];
            return mayMuteAuthor(actor, message.author.residentId).then((mayMute) => ({
              // Taken back while a report waits: those who decide still read it.
              message: { ...presentMessage(message, viewer), text: message.text },
              reports,
              since,
              mayMute,
            }));
          }),
        );
        return { messages };
      },
    },
  };
}
