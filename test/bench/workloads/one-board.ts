import type { Peer } from "../peers/peer.ts";
import { LONG_WARM_UP, outcomeOf, playLive } from "./live-edits.ts";
import {
  cpuPerEdit,
  generatorLoad,
  lostEdits,
  medianLatency,
  type Outcome,
  type Scale,
  slowLatency,
  type Workload,
} from "./workload.ts";

interface Load {
  clients: number;
  writers: number;
  perSecond: number;
  seconds: number;
  warmUp?: number;
}

const ITEMS = 800;
const peers = [
  "ours",
  "y-websocket-server",
  "y-websocket-server-leveldb",
  "hocuspocus",
  "hocuspocus-sqlite",
] as const;
const measures = [cpuPerEdit, medianLatency, slowLatency, lostEdits, generatorLoad];

async function run(peer: Peer, load: Load): Promise<Outcome> {
  const running = await peer.start({
    boards: [{ items: ITEMS, pastSessions: 0 }],
    clientsPerBoard: load.clients,
  });
  try {
    return outcomeOf(
      await playLive(running, running.seats(0, load.clients, { writers: load.writers }), load),
    );
  } finally {
    await running.stop();
  }
}

const tell = ({ clients, writers, perSecond }: Load) =>
  `One board of ${ITEMS} items with ${clients} clients; ${writers} of them write ${perSecond} edits a second each.`;

function oneBoard(id: string, title: string, loads: Record<Scale, Load>): Workload {
  return {
    id,
    title,
    peers,
    measures,
    plot: { bars: ["cpu", "p50", "p99"] },
    describe: (scale) => tell(loads[scale]),
    run: (peer, scale) => run(peer, loads[scale]),
  };
}

export const manyReaders = oneBoard("A", "Many readers, a few writers", {
  full: { clients: 200, writers: 10, perSecond: 10, seconds: 8, warmUp: LONG_WARM_UP },
  quick: { clients: 200, writers: 10, perSecond: 10, seconds: 4 },
  tiny: { clients: 8, writers: 2, perSecond: 10, seconds: 0.5 },
});

export const everyoneWrites = oneBoard("B", "Everyone writes", {
  full: { clients: 100, writers: 100, perSecond: 5, seconds: 8, warmUp: LONG_WARM_UP },
  quick: { clients: 100, writers: 100, perSecond: 5, seconds: 4 },
  tiny: { clients: 4, writers: 4, perSecond: 5, seconds: 0.5 },
});
