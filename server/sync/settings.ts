import { type RoomLimits, roomLimits } from "../../shared/board/limits.ts";

/** How rooms behave in time. All times in milliseconds. */
export type RoomSettings = {
  /** While a room is busy it commits at most this often; an idle room commits at once. */
  tickMs: number;
  /**
   * With more peers than this a busy room collects longer, in proportion, up to two fifths longer: a tick costs one write
   * for each of them, and a hundred edits in it no more than one.
   */
  tickPeers: number;
  /** Waiting bytes at which a busy room no longer waits. */
  tickBytes: number;
  /**
   * Presence is passed on at most this often, the latest wins; with many peers, to whom it costs a write each, at most
   * every `presenceMs + peers / 2`, up to four times as long.
   */
  presenceMs: number;
  /** A peer that was sent nothing for this long gets an empty frame, or its provider would reconnect. */
  heartbeatMs: number;
  /** How often slow peers are looked at. */
  staleCheckMs: number;
  /** A room without peers is unloaded after this. */
  idleMs: number;
  /** A commit is tried again for this long, then it counts as failed. */
  commitTimeoutMs: number;
  /** The log is folded into a snapshot beyond this many rows or bytes. */
  compactRows: number;
  compactBytes: number;
  /** A board with this many client ids, or this many bytes most of which are of things removed, is made anew when nobody is there. */
  renewClients: number;
  renewBytes: number;
  /** One that is never empty and far beyond that is closed for it, at most this often. */
  renewOpenMs: number;
  limits: RoomLimits;
};

export const defaultSettings: RoomSettings = {
  tickMs: 16,
  tickPeers: 64,
  tickBytes: 64 * 1024,
  presenceMs: 80,
  heartbeatMs: 15_000,
  staleCheckMs: 250,
  idleMs: 30_000,
  commitTimeoutMs: 10_000,
  compactRows: 500,
  compactBytes: 512 * 1024,
  renewClients: 400,
  renewBytes: 256 * 1024,
  renewOpenMs: 600_000,
  limits: roomLimits,
};

/** For how long a busy room with so many peers collects, milliseconds. */
export const tickFor = (peers: number, { tickMs, tickPeers }: RoomSettings): number =>
  tickMs * Math.min(1.4, Math.max(1, peers / tickPeers));
