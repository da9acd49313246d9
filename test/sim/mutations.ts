import type { EventFeed } from "../../server/events/feed.ts";
import type { LoggedEvent } from "../../server/events/log.ts";
import type { EventTable } from "../../server/events/table.ts";
import type { NodeDuties } from "../../server/node-duties.ts";
import type { Fold } from "../../server/sync/fold.ts";
import type { BoardSocket, PeerOptions } from "../../server/sync/peer.ts";
import type { BoardStore } from "../../server/sync/ports.ts";
import type { Renew } from "../../server/sync/renewal.ts";
import type { Timers } from "../../server/sync/timers.ts";
import type { Units } from "./unit-line.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** A defect put between the engine and the world it is given: what a simulator that works must find. */
export type Mutation = {
  store?(inner: BoardStore, clock: VirtualClock): BoardStore;
  /** What the folding thread answers. */
  fold?(inner: Fold): Fold;
  renew?(inner: Renew): Renew;
  socket?(inner: BoardSocket): BoardSocket;
  access?(options: PeerOptions): PeerOptions;
  timers?(inner: Timers): Timers;
  /** What becomes of a word on the bus. */
  carry?(message: Uint8Array): Uint8Array;
  /** Where units of work are stored, and the rows of the log of events. */
  units?(inner: Units): Units;
  table?(inner: EventTable): EventTable;
  /** The feed as those have it who listen. */
  feed?(inner: EventFeed): EventFeed;
  /** What becomes of an event that the feed hands out for clients. */
  tell?(inner: (event: LoggedEvent) => void): (event: LoggedEvent) => void;
  duties?(inner: NodeDuties): NodeDuties;
};

export const sound: Mutation = {};
