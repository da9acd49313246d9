import { setTimeout as pause } from "node:timers/promises";
import { playUntilKilled, readLast } from "../load/crash.ts";
import { randomFrom } from "../load/schedule.ts";
import type { Outcome, Scale, Workload } from "./workload.ts";

interface Load {
  kills: number;
  writers: number;
  observers: number;
  perSecond: number;
}

const loads: Record<Scale, Load> = {
  full: { kills: 100, writers: 10, observers: 2, perSecond: 20 },
  quick: { kills: 5, writers: 10, observers: 2, perSecond: 20 },
  tiny: { kills: 1, writers: 2, observers: 1, perSecond: 20 },
};

/** The server is killed after so many ms of edits. */
const SHORTEST_LIFE = 200;
const LONGEST_LIFE = 1_200;

export const kills: Workload = {
  id: "kills",
  title: "Killed under load",
  peers: ["ours", "y-websocket-server-leveldb", "hocuspocus-sqlite"],
  measures: [
    { key: "lost", name: "edits lost that were acknowledged or seen", unit: "", better: "lower" },
    { key: "lostAcked", name: "of these acknowledged", unit: "", better: "lower" },
    { key: "badKills", name: "kills that lost something", unit: "", better: "lower" },
    { key: "edits", name: "edits acknowledged or seen", unit: "", better: null },
    { key: "kills", name: "kills", unit: "", better: null },
  ],
  plot: { bars: ["lost", "badKills"] },
  describe(scale) {
    const { writers, observers, perSecond } = loads[scale];
    return `${writers} clients write ${perSecond} edits a second each and ${observers} look on; after ${SHORTEST_LIFE} to ${LONGEST_LIFE} ms the server is killed (SIGKILL) and started again, as often as the table says. No client comes back to help it: what was acknowledged, or seen by another client, must be there.`;
  },
  async run(peer, scale, settings = {}): Promise<Outcome> {
    const load = loads[scale];
    const times = settings.kills ?? load.kills;
    const clients = load.writers + load.observers;
    const running = await peer.start({
      boards: [{ items: 100, pastSessions: 0 }],
      clientsPerBoard: clients + 1,
    });
    const random = randomFrom(times);
    const total = { lost: 0, lostAcked: 0, badKills: 0, edits: 0, kills: 0 };
    try {
      for (let kill = 0; kill < times; kill++) {
        const life = SHORTEST_LIFE + random() * (LONGEST_LIFE - SHORTEST_LIFE);
        const known = await playUntilKilled(
          running.seats(0, clients, { writers: load.writers }),
          load.perSecond,
          async () => {
            await pause(life);
            await running.restart("SIGKILL");
          },
        );
        const [reader] = running.seats(0, 1, { from: clients });
        if (!reader) throw new Error("there is no seat to look from");
        const kept = await readLast(reader, known);
        let lost = 0;
        for (const [writer, { acked, seen }] of known.writers.entries()) {
          const has = kept[writer] ?? -1;
          lost += Math.max(0, Math.max(acked, seen) - has);
          total.lostAcked += Math.max(0, acked - has);
          total.edits += Math.max(acked, seen) + 1;
        }
        total.lost += lost;
        total.badKills += lost > 0 ? 1 : 0;
        total.kills++;
      }
      return { values: total };
    } finally {
      await running.stop();
    }
  },
};
