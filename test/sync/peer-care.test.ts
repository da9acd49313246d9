import { expect, it } from "vitest";
import { newCounters } from "../../server/sync/counters.ts";
import { type BoardSocket, Peer } from "../../server/sync/peer.ts";
import { greetedAtOnce, PeerCare } from "../../server/sync/peer-care.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { HandTimers } from "./hand-timers.ts";

/** A room of silent clients that note, by their number, when they are pinged. */
function roomOf(size: number, heartbeatMs = defaultSettings.heartbeatMs) {
  const timers = new HandTimers();
  const pinged: number[] = [];
  const peers = new Set<Peer>();
  const access = { read: true, ownCell: null, otherCells: false, lists: false, notice: false };
  for (let index = 0; index < size; index++) {
    const socket = { ping: () => pinged.push(index), send() {}, bufferedAmount: 0 } as unknown as BoardSocket;
    const options = { boardId: "b1", writer: null, access, wantsSaved: false } as const;
    peers.add(new Peer(socket, options, defaultSettings.limits, newCounters(), timers.now()));
  }
  const nothing = () => {};
  const care = new PeerCare(peers, timers, { ...defaultSettings, heartbeatMs }, nothing, nothing);
  care.watch();
  return { timers, pinged, peers, care };
}

it("[SY-16] a crowd is greeted a part at a time, each once a round, and who has left meanwhile is not", () => {
  const { timers, pinged, peers, care } = roomOf(2.5 * greetedAtOnce);
  timers.advance(defaultSettings.heartbeatMs);
  expect(pinged).toHaveLength(greetedAtOnce);
  for (const last of [...peers].slice(-1)) peers.delete(last);
  timers.advance(1_000);
  expect(pinged).toEqual([...peers].map((_, index) => index));

  timers.advance(defaultSettings.heartbeatMs - 1_000);
  expect(pinged).toHaveLength(peers.size + greetedAtOnce);
  care.stop();
  timers.advance(60_000);
  expect(pinged).toHaveLength(peers.size + greetedAtOnce);
});

it("[SY-16] in the largest room everyone is greeted before the next round begins", () => {
  const heartbeatMs = 1_000;
  const { timers, pinged, peers, care } = roomOf(30 * greetedAtOnce, heartbeatMs);
  timers.advance(2 * heartbeatMs - 1);
  expect(pinged).toEqual([...peers.keys()].map((_, index) => index));
  care.stop();
});
