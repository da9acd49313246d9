import type { chatContract } from "../../shared/chat/contract.ts";
import { chatLimits } from "../../shared/chat/limits.ts";
import { mayStillDelete, mayStillEdit } from "../../shared/chat/rules.ts";
import type { PersonActor } from "../../shared/identity/model.ts";
import type { EventLog, Unit } from "../events/log.ts";
import { createPace } from "../pace.ts";
import { Refusal } from "../refusal.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Storage } from "../storage/storage.ts";
import { type Access, audienceOf, present } from "./access.ts";
import { lastSeq, marksOf, moveMark, nextSeq } from "./channels.ts";
import { hideInLog } from "./logged-text.ts";
import { changeMessage, findMessage, insertMessage, lockMessage, type StoredMessage } from "./messages.ts";
import { activeMute } from "./mutes.ts";
import { presentChange, presentMessage } from "./present.ts";
import { hasOpenReport } from "./reports.ts";

type Commands = AreaHandlers<typeof chatContract>["commands"];

/** The id of a new message was taken between the first look and the insert. */
class IdTaken extends Error {}

/** What a resident does with words of their own: say, change, take back, read. */
export function createWriting(deps: {
  log: EventLog;
  storage: Pick<Storage, "db">;
  tell: Pick<Tell, "signal">;
  access: Access;
}): Pick<Commands, "chat.post" | "chat.edit" | "chat.delete" | "chat.mark-seen"> {
  const { log, storage, tell, access } = deps;
  const pace = createPace(chatLimits.messages);

  const keepPace = ({ residentId }: PersonActor, now: number): void => {
    const wait = pace.take(residentId, now);
    if (wait > 0) {
      throw new Refusal("rate-limited", "Too many messages in a short time.", {
        seconds: Math.ceil(wait / 1_000),
      });
    }
  };

  const refuseMuted = async (unit: Unit, { courtyardId, residentId }: PersonActor): Promise<void> => {
    const mute = await activeMute(unit.db, { courtyardId, residentId }, unit.now);
    if (mute) throw new Refusal("muted", "Muted for a while.", { until: mute.until, reason: mute.reason });
  };

  const tellMarks = (actor: PersonActor, channelId: string, last: number, seen: number): void =>
    tell.signal(
      "chat.marks",
      { channels: [{ channelId, lastSeq: last, seenSeq: seen }] },
      { resident: actor.residentId },
      actor.courtyardId,
    );

  return {
    "chat.post": async ({ messageId, channelId, text }, context) => {
      const actor = context.person();
      const channel = await access.channel(actor, channelId, "post");
      const sent = { channelId, text, authorId: actor.residentId };
      const earlier = await findMessage(storage.db, messageId);
      if (earlier) return firstAnswer(earlier, sent);
      keepPace(actor, context.now);
      try {
        const seq = await log.write(actor.communityId, async (unit) => {
          await refuseMuted(unit, actor);
          const seq = await nextSeq(unit.db, channelId);
          const message = { id: messageId, seq, at: unit.now, ...sent };
          if (!(await insertMessage(unit.db, message, actor.communityId))) throw new IdTaken();
          await moveMark(unit.db, { channelId, residentId: actor.residentId, seq });
          const stored = present(await findMessage(unit.db, messageId));
          unit.tell("chat.message-was-posted", presentMessage(stored, null), audienceOf(channel));
          return seq;
        });
        tellMarks(actor, channelId, seq, seq);
        return { seq };
      } catch (error) {
        if (!(error instanceof IdTaken)) throw error;
        return firstAnswer(present(await findMessage(storage.db, messageId)), sent);
      }
    },

    "chat.edit": async ({ messageId, text }, context) => {
      const actor = context.person();
      const { channel } = await access.message(actor, messageId, "post");
      keepPace(actor, context.now);
      return log.write(actor.communityId, async (unit) => {
        const message = ownWords(await lockMessage(unit.db, messageId), actor);
        if (message.state === "deleted" || message.state === "removed") {
          throw new Refusal("message-gone", "The message is no longer there.");
        }
        if (message.text === text) return { version: message.version };
        if (!mayStillEdit(message, unit.now)) throw new Refusal("edit-too-late", "Too late to edit.");
        await refuseMuted(unit, actor);
        // What stood there first may be the very thing the author wanted to take back.
        await hideInLog(unit.db, actor.communityId, message);
        const changed = await changeMessage(unit.db, messageId, { text, edited_at: unit.now });
        unit.tell("chat.message-was-changed", presentChange(changed), audienceOf(channel));
        return { version: changed.version };
      });
    },

    "chat.delete": async ({ messageId }, context) => {
      const actor = context.person();
      const { channel } = await access.message(actor, messageId, "read");
      return log.write(actor.communityId, async (unit) => {
        const message = ownWords(await lockMessage(unit.db, messageId), actor);
        if (message.state === "deleted") return { version: message.version };
        if (!mayStillDelete(message, unit.now)) throw new Refusal("edit-too-late", "Too late to delete.");
        // While a report waits, those who decide must still see what it is about.
        const words = (await hasOpenReport(unit.db, messageId)) ? message.text : "";
        const changed = await changeMessage(unit.db, messageId, { text: words, deleted_at: unit.now });
        await hideInLog(unit.db, actor.communityId, changed);
        unit.tell("chat.message-was-changed", presentChange(changed), audienceOf(channel));
        return { version: changed.version };
      });
    },

    "chat.mark-seen": async ({ channelId, seq }, context) => {
      const actor = context.person();
      const { residentId, communityId } = actor;
      await access.channel(actor, channelId, "read");
      const [marks] = await marksOf(storage.db, residentId, [channelId]);
      if (marks && seq <= marks.seenSeq) return { seenSeq: marks.seenSeq };
      const seen = await log.write(communityId, async ({ db }) => {
        const last = await lastSeq(db, channelId);
        const seenSeq = await moveMark(db, { channelId, residentId, seq: Math.min(seq, last) });
        return { last, seenSeq };
      });
      tellMarks(actor, channelId, seen.last, seen.seenSeq);
      return { seenSeq: seen.seenSeq };
    },
  };
}

function ownWords(message: StoredMessage | null, actor: PersonActor): StoredMessage {
  const found = present(message);
  if (found.author.residentId !== actor.residentId) {
    throw new Refusal("not-allowed", "Only its author changes a message.");
  }
  return found;
}

/** A repeated command gives its first answer; an id with other words or from another person is an error (INV-3). */
function firstAnswer(
  earlier: StoredMessage,
  sent: { channelId: string; text: string; authorId: string },
): { seq: number } {
  const untouched = earlier.editedAt === null && earlier.state !== "deleted";
  const same =
    earlier.author.residentId === sent.authorId &&
    earlier.channelId === sent.channelId &&
    (!untouched || earlier.text === sent.text);
  if (!same) throw new Refusal("invalid-input", "This message id is taken.", { field: "messageId" });
  return { seq: earlier.seq };
}
