import { type PresenceLoad, playPresence } from "../load/presence.ts";
import { generatorLoad, lostEdits, type Scale, type Workload } from "./workload.ts";

const loads: Record<Scale, PresenceLoad & { viewers: number }> = {
  full: { viewers: 500, moving: 100, perSecond: 5, seconds: 4 },
  quick: { viewers: 500, moving: 100, perSecond: 5, seconds: 2 },
  tiny: { viewers: 5, moving: 2, perSecond: 5, seconds: 0.5 },
};

export const whoIsHere: Workload = {
  id: "H",
  title: "Who is here",
  peers: ["ours", "y-websocket-server", "hocuspocus"],
  measures: [
    { key: "cpu", name: "server CPU for one change to one viewer", unit: "µs", better: "lower" },
    { key: "bytes", name: "bytes for one change to one viewer", unit: "B", better: "lower" },
    { key: "frames", name: "frames for one change to one viewer", unit: "", better: "lower" },
    { key: "behind", name: "time to tell the changes of one second", unit: "s", better: "lower" },
    { ...lostEdits, name: "last places not told" },
    generatorLoad,
  ],
  plot: { bars: ["cpu", "bytes", "frames"] },
  describe(scale) {
    const { viewers, moving, perSecond } = loads[scale];
    return `${viewers} clients look at one board and ${moving} of them move about, ${perSecond} changes a second each. Each change counts for every other client, also where a server tells only the latest of several.`;
  },
  async run(peer, scale) {
    const { viewers, ...load } = loads[scale];
    const running = await peer.start({ boards: [{ items: 100, pastSessions: 0 }], clientsPerBoard: viewers });
    try {
      const moved = await playPresence(running.seats(0, viewers), load, running.pids());
      return {
        values: {
          cpu: (moved.cpu * 1000) / moved.deliveries,
          bytes: moved.bytes / moved.deliveries,
          frames: moved.frames / moved.deliveries,
          behind: moved.elapsed / 1000 / load.seconds,
          lost: moved.lost,
          generator: moved.generatorLoad * 100,
        },
      };
    } finally {
      await running.stop();
    }
  },
};
