import { wholeMark } from "../board.ts";
import { joinAll } from "../load/join.ts";
import { collectGarbage } from "../measure.ts";
import type { Scale, Workload } from "./workload.ts";

const loads: Record<Scale, { clients: number; items: number }> = {
  full: { clients: 300, items: 8_000 },
  quick: { clients: 300, items: 8_000 },
  tiny: { clients: 3, items: 60 },
};

export const afterRestart: Workload = {
  id: "E",
  title: "The first to come after a restart",
  peers: ["ours", "y-websocket-server-leveldb", "hocuspocus-sqlite"],
  measures: [
    { key: "one", name: "one client, whole", unit: "ms", better: "lower" },
    { key: "all", name: "all at once, last whole", unit: "ms", better: "lower" },
    { key: "all.cpu", name: "all at once, server CPU", unit: "ms", better: "lower" },
  ],
  plot: { bars: ["one", "all"] },
  describe(scale) {
    const { clients, items } = loads[scale];
    return `The server has just come up again and has a board of ${items} items on disk only: one client joins; after another restart, ${clients} at once.`;
  },
  async run(peer, scale) {
    const { clients, items } = loads[scale];
    const running = await peer.start({ boards: [{ items, pastSessions: 0 }], clientsPerBoard: clients });
    try {
      await running.restart("SIGTERM");
      collectGarbage();
      const one = await joinAll(running.seats(0, 1), { mark: wholeMark, pids: running.pids() });
      await running.restart("SIGTERM");
      const all = await joinAll(running.seats(0, clients), { mark: wholeMark, pids: running.pids() });
      return { values: { one: one.last, all: all.last, "all.cpu": all.cpu } };
    } finally {
      await running.stop();
    }
  },
};
