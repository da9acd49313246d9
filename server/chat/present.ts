import type { ChatMessage, MessageChange } from "../../shared/chat/model.ts";
import { mayReadText } from "../../shared/chat/rules.ts";
import type { StoredMessage } from "./messages.ts";

/** Someone who asks for messages; null stands for everyone who hears a channel's events. */
export type Viewer = { residentId: string; judges: boolean } | null;

/** A message as this viewer may see it. */
export function presentMessage(message: StoredMessage, viewer: Viewer): ChatMessage {
  const { logAfter: _logAfter, ...rest } = message;
  return { ...rest, ...visible(message, viewer) };
}

/** A change as it is told to a whole channel: words only when all may read them. */
export function presentChange(message: StoredMessage): MessageChange {
  const { id, channelId, seq, state, editedAt, version } = message;
  return { id, channelId, seq, state, editedAt, version, ...visible(message, null) };
}

function visible(message: StoredMessage, viewer: Viewer): Pick<ChatMessage, "text" | "rule"> {
  const { state, author, text, rule } = message;
  const named = state === "blurred" || state === "removed";
  return {
    text: mayReadText({ state, authorId: author.residentId }, viewer) ? text : null,
    rule: named ? rule : null,
  };
}
