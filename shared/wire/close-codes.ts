/**
 * Close codes of `/yjs/`, named once. y-websocket 3.1 stops for good on 4400–4499 and comes back on every
 * other code, so the range says whether coming back as one is can help.
 * The name is sent as the close reason; the client has a sentence for each.
 */
export const closeCodes = {
  /** Bytes that are no message of a board. */
  malformed: 4400,
  /** The session has ended: sign in again. */
  "session-ended": 4401,
  /** An edit of a place that is not one's own. The local copy must be dropped and loaded anew. */
  forbidden: 4403,
  /** There is no such board. */
  "board-gone": 4404,
  /** Edits under a client id that belongs to another account. Drop the local copy. */
  "foreign-client": 4409,
  /** The local copy builds on something the board does not have. Drop the local copy. */
  "out-of-step": 4410,
  /** The board was made anew since this copy was taken. Drop the local copy; what it holds unsaved can be written again. */
  "board-renewed": 4411,
  /** An edit over a size limit. */
  "too-large": 4413,
  /** A shape or value the board does not take. Drop the local copy. */
  "bad-value": 4422,
  /** The cell, list, notice or board is full. */
  full: 4423,

  /** The server restarts: come back. */
  restart: 1012,
  /** The board cannot be loaded just now: come back. */
  unavailable: 1013,
  /** What this person may do has changed: come back to get it. */
  "access-changed": 4501,
  /** The last edits could not be committed and nobody has seen them: come back and send them again. */
  "not-saved": 4503,
  /** Too slow in reading what the board sent, or in sending a message: come back and get all at once. */
  "too-slow": 4508,
  /** The room has as many peers as it takes. */
  "room-full": 4513,
  /** Too many messages or bytes in a short time, or too much in messages that are not all there yet. */
  "rate-limited": 4529,
} as const;

export type CloseName = keyof typeof closeCodes;

/** Whether a client that was closed with this code must drop its local copy of the board before it comes back. */
export function mustDropCopy(code: number): boolean {
  return dropping.has(code);
}

/** The name of a close code, or null for a code that is not ours. */
export function closeName(code: number): CloseName | null {
  for (const [name, value] of Object.entries(closeCodes)) if (value === code) return name as CloseName;
  return null;
}

const dropping: ReadonlySet<number> = new Set([
  closeCodes.malformed,
  closeCodes.forbidden,
  closeCodes["foreign-client"],
  closeCodes["out-of-step"],
  closeCodes["board-renewed"],
  closeCodes["too-large"],
  closeCodes["bad-value"],
  closeCodes.full,
]);
