/** The rules of the courtyard's chat that a message can break; a report names one. */
export const reportRules = ["rude", "advert", "private-data", "rumour", "other"] as const;
export type ReportRule = (typeof reportRules)[number];

/**
 * `shown` to all; `blurred` while a report waits; `removed` by a steward or officer; `deleted` by its author.
 */
export const messageStates = ["shown", "blurred", "removed", "deleted"] as const;
export type MessageState = (typeof messageStates)[number];

export const decisions = ["keep", "remove"] as const;
export type Decision = (typeof decisions)[number];

/** Where a channel belongs: the whole courtyard, or one building of it. */
export interface ChannelPlace {
  courtyardId: string;
  /** Null for the courtyard's own channel. */
  buildingId: string | null;
}

export interface MessageAuthor {
  residentId: string;
  name: string;
  /** "3-2-501"; null for someone without a household here. */
  door: string | null;
}

/** A message as one viewer gets it. */
export interface ChatMessage {
  id: string;
  channelId: string;
  /** Dense within the channel, from 1. */
  seq: number;
  at: number;
  author: MessageAuthor;
  /** Null for those who may not read it now. */
  text: string | null;
  state: MessageState;
  /** The rule a report named, while the message is blurred or removed. */
  rule: ReportRule | null;
  editedAt: number | null;
  /** Rises with each change, so that a late page never undoes a newer event. */
  version: number;
}

/** What a change of a message tells; who wrote it and when never changes. */
export type MessageChange = Pick<
  ChatMessage,
  "id" | "channelId" | "seq" | "text" | "state" | "rule" | "editedAt" | "version"
>;
