import { defaultSettings, tickFor } from "../../../server/sync/settings.ts";
import { notesOf, playLive, valuesOf } from "./live-edits.ts";
import { cpuPerEdit, medianLatency, type Point, type Scale, slowLatency, type Workload } from "./workload.ts";

interface Load {
  ticks: readonly number[];
  clients: number;
  writers: number;
  seconds: number;
}

const loads: Record<Scale, Load> = {
  full: { ticks: [1, 2, 4, 8, 12, 16, 24, 32, 48, 64], clients: 200, writers: 10, seconds: 6 },
  quick: { ticks: [2, 8, 32], clients: 200, writers: 10, seconds: 3 },
  tiny: { ticks: [4, 16], clients: 4, writers: 2, seconds: 0.4 },
};
const PER_SECOND = 10;
const ITEMS = 800;

/** The load of A with other settings: where waiting longer no longer saves anything. */
export const ticks: Workload = {
  id: "ticks",
  title: "How long a busy board waits",
  peers: ["ours"],
  measures: [
    { key: "cheapest", name: "tick with the least CPU", unit: "ms", better: null },
    { key: "fastest", name: "tick with the lowest 99th percentile", unit: "ms", better: null },
  ],
  plot: { x: "tick", xName: "BOARD_TICK_MS", lines: [cpuPerEdit, medianLatency, slowLatency], log: false },
  describe(scale) {
    const { clients, writers } = loads[scale];
    const longer = tickFor(clients, { ...defaultSettings, tickMs: 1 }).toFixed(1);
    return `The load of A (${clients} clients, ${writers} write ${PER_SECOND} edits a second each) on this server with other values of BOARD_TICK_MS; with so many clients a busy board collects edits for ${longer} times that.`;
  },
  async run(peer, scale) {
    const { clients, writers, seconds, ticks } = loads[scale];
    const curve: Point[] = [];
    const notes: string[] = [];
    for (const tick of ticks) {
      const running = await peer.start({
        boards: [{ items: ITEMS, pastSessions: 0 }],
        clientsPerBoard: clients,
        env: { BOARD_TICK_MS: String(tick) },
      });
      try {
        const seats = running.seats(0, clients, { writers });
        const played = await playLive(running, seats, { perSecond: PER_SECOND, seconds });
        curve.push({ tick, ...valuesOf(played) });
        notes.push(...notesOf(played).map((note) => `at ${tick} ms: ${note}`));
      } finally {
        await running.stop();
      }
    }
    const least = (key: "cpu" | "p99") =>
      curve.toSorted((a, b) => (a[key] ?? 0) - (b[key] ?? 0))[0]?.tick ?? Number.NaN;
    return { values: { cheapest: least("cpu"), fastest: least("p99") }, curve, notes };
  },
};
