/** Message types of the y-websocket protocol, and the one we add. Each frame starts with one, as a varuint. */
export const yjsMessage = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /**
   * Ours: what this socket has sent is on disk. Only for clients that connect with `?saved=1`; a stock
   * provider would log an error for it. Three varuints follow:
   * `clientId` and `clock` — the board's durable state for one client id of this account (0, 0 when the
   * socket has sent deletions only), and `messages` — how many of this socket's sync step 2 and update
   * frames are durable, counted from the socket's opening. All is saved when it equals the number sent.
   */
  saved: 100,
} as const;

/** Kinds of a sync message: the second varuint of its frame. */
export const syncMessage = {
  stepOne: 0,
  stepTwo: 1,
  update: 2,
} as const;

/** The query parameter with which a client asks for `saved` messages. */
export const savedParameter = "saved";
