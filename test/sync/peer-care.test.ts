import { expect, it } from "vitest";
import { newCounters } from "../../server/sync/counters.ts";
import { type BoardSocket, Peer } from "../../server/sync/peer.ts";
import { greetedAtOnce, PeerCare } from "../../server/sync/peer-care.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { HandTimers } from "./hand-timers.ts";

it("[SY-16] a crowd is greeted a part at a time, each once a round, and who has left meanwhile is not", () => {
  const timers = new HandTimers();
  const pinged: number[] = [];
  const peers = new Set<Peer>();
  const access = { read: true, ownCell: null, otherCells: false, lists: false, notice: false };
  for (let index = 0; index < 2.5 * greetedAtOnce; index++) {
    const socket = { ping: () => pinged.push(index), send() {}, bufferedAmount: 0 } as unknown as BoardSocket;
    const options = { boardId: "b1", writer: null, access, wantsSaved: false } as const;
    peers.add(new Peer(socket, options, defaultSettings.limits, newCounters(), timers.now()));
  }
  const care = new PeerCare(
    peers,
    timers,
    defaultSettings,
    () => {},
    () => {},
  );
  care.watch();
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
