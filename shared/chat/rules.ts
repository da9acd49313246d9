import { chatLimits } from "./limits.ts";
import type { MessageState } from "./model.ts";

interface Sent {
  at: number;
  state: MessageState;
}

/** True while the author may change the words; what a steward removed stays as it is. */
export const mayStillEdit = ({ at, state }: Sent, now: number): boolean =>
  (state === "shown" || state === "blurred") && now - at <= chatLimits.editFor;

/** True while the author may take the message back. */
export const mayStillDelete = ({ at, state }: Sent, now: number): boolean =>
  state !== "deleted" && now - at <= chatLimits.deleteFor;

/**
 * Whether this viewer may read the words. A blurred or removed message is open to its author and to those
 * who decide about it; a deleted one to nobody.
 */
export function mayReadText(
  message: { state: MessageState; authorId: string },
  viewer: { residentId: string; judges: boolean } | null,
): boolean {
  if (message.state === "shown") return true;
  if (message.state === "deleted" || viewer === null) return false;
  return viewer.judges || viewer.residentId === message.authorId;
}

/** True if the mute holds at this moment; it ends by itself. */
export const isMuted = (mute: { until: number } | null, now: number): boolean =>
  mute !== null && now < mute.until;

/** How many messages of a channel a resident has not seen. */
export const unreadCount = ({ lastSeq, seenSeq }: { lastSeq: number; seenSeq: number }): number =>
  Math.max(0, lastSeq - seenSeq);
