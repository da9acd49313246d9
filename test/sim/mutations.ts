import type { BoardSocket, PeerOptions } from "../../server/sync/peer.ts";
import type { BoardStore } from "../../server/sync/ports.ts";
import type { Timers } from "../../server/sync/timers.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** A defect put between the engine and the world it is given: what a simulator that works must find. */
export type Mutation = {
  store?(inner: BoardStore, clock: VirtualClock): BoardStore;
  socket?(inner: BoardSocket): BoardSocket;
  access?(options: PeerOptions): PeerOptions;
  timers?(inner: Timers): Timers;
  /** What becomes of a word on the bus. */
  carry?(message: Uint8Array): Uint8Array;
};

export const sound: Mutation = {};
