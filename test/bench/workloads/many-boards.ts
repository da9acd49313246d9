import { memoryOf } from "../measure.ts";
import { LONG_WARM_UP, outcomeOf, playLive } from "./live-edits.ts";
import {
  cpuPerEdit,
  generatorLoad,
  lostEdits,
  medianLatency,
  type Scale,
  slowLatency,
  type Workload,
} from "./workload.ts";

interface Load {
  boards: number;
  clients: number;
  seconds: number;
  warmUp?: number;
}

const loads: Record<Scale, Load> = {
  full: { boards: 100, clients: 10, seconds: 8, warmUp: LONG_WARM_UP },
  quick: { boards: 100, clients: 10, seconds: 4 },
  tiny: { boards: 3, clients: 3, seconds: 0.5 },
};

const ITEMS = 100;
const WRITERS = 2;
const PER_SECOND = 2;

export const manyBoards: Workload = {
  id: "C",
  title: "Many boards",
  peers: ["ours", "y-websocket-server", "hocuspocus"],
  measures: [
    cpuPerEdit,
    medianLatency,
    slowLatency,
    { key: "pss", name: "memory (PSS)", unit: "MiB", better: "lower" },
    { key: "rss", name: "memory (RSS)", unit: "MiB", better: "lower" },
    lostEdits,
    generatorLoad,
  ],
  plot: { bars: ["cpu", "p99", "pss"] },
  describe(scale) {
    const { boards, clients } = loads[scale];
    return `${boards} boards of ${ITEMS} items with ${clients} clients each; ${WRITERS} of them write ${PER_SECOND} edits a second each. Memory is that of the server after it.`;
  },
  async run(peer, scale) {
    const { boards, clients, ...pace } = loads[scale];
    const running = await peer.start({
      boards: Array.from({ length: boards }, () => ({ items: ITEMS, pastSessions: 0 })),
      clientsPerBoard: clients,
    });
    try {
      const seats = Array.from({ length: boards }, (_, board) =>
        running.seats(board, clients, { writers: WRITERS }),
      );
      const played = await playLive(running, seats.flat(), { perSecond: PER_SECOND, ...pace });
      const { pss, rss } = memoryOf(running.pids());
      const outcome = outcomeOf(played);
      return { ...outcome, values: { ...outcome.values, pss, rss } };
    } finally {
      await running.stop();
    }
  },
};
