import { z } from "zod";
import { area, command, event, query, signal, whisper } from "../wire/define.ts";
import { id, line, nothing, paragraph, time } from "../wire/text.ts";
import { chatLimits } from "./limits.ts";
import { decisions, messageStates, reportRules } from "./model.ts";

/** A text of which something can be seen: not only spaces and invisible marks. */
const messageText = paragraph(chatLimits.text).refine((text) => /[^\p{Cf}\p{Z}\s]/u.test(text), {
  error: "nothing to read",
});

const seq = z.number().int().nonnegative();

export const chatMessage = z.strictObject({
  id,
  channelId: id,
  seq,
  at: time,
  author: z.strictObject({ residentId: id, name: z.string(), door: z.string().nullable() }),
  text: z.string().nullable(),
  state: z.enum(messageStates),
  rule: z.enum(reportRules).nullable(),
  editedAt: time.nullable(),
  version: z.number().int(),
});

const messageChange = chatMessage.omit({ at: true, author: true });

const mute = z.strictObject({ until: time, reason: z.string() });

const channelMarks = z.strictObject({ channelId: id, lastSeq: seq, seenSeq: seq });

const courtyardOrBuilding = ["courtyard", "building"] as const;

export const chatContract = area({
  commands: {
    "chat.post": command(
      "Says something in a channel. The client makes the id: sent again, the first answer comes back and no second message.",
      z.strictObject({ messageId: id, channelId: id, text: messageText }),
      z.strictObject({ seq }),
    ),
    "chat.edit": command(
      "Changes the words of one's own message within ten minutes. The same words again change nothing.",
      z.strictObject({ messageId: id, text: messageText }),
      z.strictObject({ version: z.number().int() }),
    ),
    "chat.delete": command(
      "Takes one's own message back within a day; a trace stays. Again: no change.",
      z.strictObject({ messageId: id }),
      z.strictObject({ version: z.number().int() }),
    ),
    "chat.mark-seen": command(
      "Has seen a channel up to here. The mark only moves forward; an older one changes nothing.",
      z.strictObject({ channelId: id, seq }),
      z.strictObject({ seenSeq: seq }),
    ),
    "chat.report": command(
      "Says which rule a message breaks; it is blurred until someone decides. One report a person and message.",
      z.strictObject({ messageId: id, rule: z.enum(reportRules) }),
      z.strictObject({ state: z.enum(messageStates) }),
    ),
    "chat.decide": command(
      "A steward or officer keeps or removes a reported message. The same decision again changes nothing.",
      z.strictObject({ messageId: id, decision: z.enum(decisions) }),
      z.strictObject({ state: z.enum(messageStates) }),
    ),
    "chat.mute": command(
      "A steward or officer keeps a resident from writing for a while. The client makes the id; the latest mute counts.",
      z.strictObject({
        muteId: id,
        residentId: id,
        minutes: z.number().int().min(chatLimits.muteMinutes.least).max(chatLimits.muteMinutes.most),
        reason: line(chatLimits.reason),
      }),
      z.strictObject({ until: time }),
    ),
    "chat.lift-mute": command(
      "Ends a mute before its time. Again: no change.",
      z.strictObject({ residentId: id }),
      nothing,
    ),
  },
  queries: {
    "chat.page": query(
      "Messages of a channel in order: the last ones, those before a number, or those after one.",
      z
        .strictObject({
          channelId: id,
          before: seq.optional(),
          after: seq.optional(),
          limit: z.number().int().min(1).max(chatLimits.page).default(chatLimits.page),
        })
        .refine(({ before, after }) => before === undefined || after === undefined, {
          error: "before or after, not both",
        }),
      z.strictObject({ messages: z.array(chatMessage), lastSeq: seq }),
    ),
    "chat.waiting": query(
      "Reported messages that wait for a decision of this steward or officer, the oldest first. Reporters stay unnamed.",
      nothing,
      z.strictObject({
        messages: z.array(
          z.strictObject({
            message: chatMessage,
            reports: z.array(z.strictObject({ rule: z.enum(reportRules), count: z.number().int() })),
            since: time,
            mayMute: z.boolean(),
          }),
        ),
      }),
    ),
    "chat.mutes": query(
      "Who is muted now, of those this steward or officer may mute.",
      nothing,
      z.strictObject({
        mutes: z.array(
          z.strictObject({
            residentId: id,
            name: z.string(),
            door: z.string().nullable(),
            until: time,
            reason: z.string(),
          }),
        ),
      }),
    ),
  },
  events: {
    "chat.message-was-posted": event("Someone said something.", courtyardOrBuilding, chatMessage),
    "chat.message-was-changed": event(
      "A message was edited, deleted, blurred, kept or removed; `text` is null unless all may read it.",
      courtyardOrBuilding,
      messageChange,
    ),
    "chat.reports-changed": event(
      "How many messages of a channel wait for a decision.",
      ["staff"],
      z.strictObject({ channelId: id, waiting: z.number().int() }),
    ),
    "chat.mute-changed": event(
      "You may not write until then, or you may again (null).",
      ["resident"],
      z.strictObject({ courtyardId: id, mute: mute.nullable() }),
    ),
  },
  signals: {
    "chat.typing": signal(
      "Someone is writing; over when `until` has passed.",
      courtyardOrBuilding,
      z.strictObject({
        channelId: id,
        residentId: id,
        /** Name of the writer's building, "3". */
        building: z.string().nullable(),
        until: time,
      }),
    ),
    "chat.here": signal(
      "How many residents have the channel on their screens.",
      ["courtyard", "building", "resident"],
      z.strictObject({ channelId: id, count: z.number().int() }),
    ),
    "chat.marks": signal(
      "How far channels go and how far you have seen them, on any of your devices.",
      ["resident"],
      z.strictObject({ channels: z.array(channelMarks) }),
    ),
  },
  whispers: {
    "chat.typing": whisper("I am writing in this channel.", z.strictObject({ channelId: id })),
    "chat.here": whisper(
      "This channel is on my screen, or is no longer.",
      z.strictObject({ channelId: id, here: z.boolean() }),
    ),
  },
  snapshot: z.strictObject({
    /** Whose picture this is, and of which courtyard. */
    residentId: id,
    courtyardId: id,
    /** The courtyard's channel first, then the buildings' in the order of the wall. */
    channels: z.array(
      z.strictObject({
        id,
        /** Null for the courtyard's own channel. */
        buildingId: id.nullable(),
        /** The building's name; empty for the courtyard's own channel. */
        name: z.string(),
        lastSeq: seq,
        seenSeq: seq,
        mayJudge: z.boolean(),
        /** Reported messages that wait; 0 for those who do not decide. */
        waiting: z.number().int(),
      }),
    ),
    mute: mute.nullable(),
  }),
});
