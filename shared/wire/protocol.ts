/** Raised when an old client could misread what a new server says. */
export const protocolVersion = 1;

/** The oldest client the server still talks to. */
export const oldestProtocolVersion = 1;

/**
 * The oldest server a page still talks to. While nodes are restarted one after the other, a page of the new version
 * may come to a node of the old one: kept one behind for a release, it need not wait for the last node.
 */
export const oldestServerVersion = 1;

/** Names of the Socket.IO packets; everything else travels inside them. */
export const packets = {
  /** client → server: `{ name, input }`, acked with a `Result`. */
  command: "command",
  query: "query",
  /** client → server, volatile: `{ name, input }`, never acked. */
  whisper: "whisper",
  /** server → client: `Welcome`, first packet of every connection. */
  welcome: "welcome",
  /** server → client: one `WireEvent`. */
  event: "event",
  /** server → client, never logged: one `WireSignal`. */
  signal: "signal",
} as const;
