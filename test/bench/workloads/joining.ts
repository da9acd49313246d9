import { setTimeout as pause } from "node:timers/promises";
import { wholeMark } from "../board.ts";
import { joinAll } from "../load/join.ts";
import { readBoard } from "../load/read-board.ts";
import { openRoom, type Room } from "../load/room.ts";
import { collectGarbage, quantile, sorted } from "../measure.ts";
import type { Peer, RunningPeer } from "../peers/peer.ts";
import { moveBoard } from "./moving-board.ts";
import type { Measure, Outcome, Scale, Values, Workload } from "./workload.ts";

interface Load {
  /** Waves of joins; fewer once they have taken long enough together. */
  waves: number;
  clients: number;
  items: number;
  pastSessions: number;
}

const loads: Record<Scale, Load> = {
  full: { waves: 5, clients: 300, items: 8_000, pastSessions: 3_000 },
  quick: { waves: 5, clients: 300, items: 8_000, pastSessions: 3_000 },
  tiny: { waves: 1, clients: 6, items: 60, pastSessions: 20 },
};

/** ms that waves of joins take together, after which there is no other wave. */
const LONG_ENOUGH = 2_000;
/** Seconds. */
const LONGEST_WAVE = 200;
/** People of another board, who all edit it so often a second, and should notice nothing. */
const OTHERS = 10;
const OTHERS_PACE = 20;
/** Edits that those who return have missed. */
const MISSED = 10;

const kinds = [
  { key: "fresh", name: "with nothing" },
  { key: "returning", name: "returning" },
  { key: "freshOld", name: "with nothing, old board" },
  { key: "returningOld", name: "returning, old board" },
] as const;

const measures: Measure[] = kinds.flatMap(({ key, name }): Measure[] => [
  { key: `${key}.cpu`, name: `${name}: server CPU`, unit: "ms", better: "lower" },
  { key: `${key}.last`, name: `${name}: last client whole`, unit: "ms", better: "lower" },
  {
    key: `${key}.other`,
    name: `${name}: another board's edits, 99th percentile`,
    unit: "ms",
    better: "lower",
  },
]);

export const joining: Workload = {
  id: "D",
  title: "Everyone comes at once",
  peers: ["ours", "y-websocket-server", "hocuspocus"],
  measures,
  plot: { bars: kinds.map(({ key }) => `${key}.last`) },
  describe(scale) {
    const { clients, items, pastSessions } = loads[scale];
    return (
      `${clients} clients join a board of ${items} items at once, while ${OTHERS} others make ` +
      `${OTHERS * OTHERS_PACE} edits a second on another board: with nothing, and returning with all but the last ${MISSED} edits; on a new ` +
      `board and on an old one, which ${pastSessions} devices have edited and left.`
    );
  },
  async run(peer, scale) {
    const load = loads[scale];
    const young = await runOn(peer, load, 0);
    const old = await runOn(peer, load, load.pastSessions);
    const renamed = Object.entries(old.values).map(([key, value]) => [key.replace(".", "Old."), value]);
    return {
      values: { ...young.values, ...Object.fromEntries(renamed) },
      notes: [...new Set([...(young.notes ?? []), ...(old.notes ?? [])])],
    };
  },
};

async function runOn(peer: Peer, load: Load, pastSessions: number): Promise<Outcome> {
  const { clients, items } = load;
  const running = await peer.start({
    boards: [
      { items, pastSessions },
      { items: 100, pastSessions: 0 },
    ],
    clientsPerBoard: Math.max(clients, OTHERS) + 1,
  });
  try {
    const others = running.seats(1, OTHERS, { writers: OTHERS });
    const other = await openRoom(others, { watchers: OTHERS, pids: running.pids() });
    const notes: string[] = [];
    const fresh = await measureWaves(running, other, load, { mark: wholeMark }, notes);
    const [seat] = running.seats(0, 1);
    if (!seat) throw new Error("there is no seat");
    const before = await readBoard(seat);
    if (before.items !== items) throw new Error(`it has ${before.items} items, not ${items}`);
    const mark = await moveBoard(running, 0, clients, MISSED);
    const returning = await measureWaves(
      running,
      other,
      load,
      { mark, stateVector: before.stateVector },
      notes,
    );
    other.close();
    return { values: { ...named("fresh", fresh), ...named("returning", returning) }, notes };
  } finally {
    await running.stop();
  }
}

const named = (prefix: string, values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]));

/** Waves of clients who join at once and leave; means of the waves, and the other board's latency over them all. */
async function measureWaves(
  running: RunningPeer,
  other: Room,
  { clients, waves }: Load,
  joins: { mark: string; stateVector?: Uint8Array },
  notes: string[],
): Promise<Values> {
  const seats = running.seats(0, clients);
  const pids = running.pids();
  // The first wave finds caches cold and code not yet compiled, and is not counted.
  await joinAll(seats, { ...joins, pids });
  collectGarbage();
  const latencies: number[] = [];
  const total = { cpu: 0, last: 0, waves: 0 };
  while (total.waves < waves && total.last < LONG_ENOUGH) {
    await pause(300);
    let joinsGoOn = true;
    const [played, joined] = await Promise.all([
      other.play({
        perSecond: OTHERS_PACE,
        seconds: LONGEST_WAVE,
        going: () => joinsGoOn,
        longestWait: LONGEST_WAVE * 1000,
      }),
      joinAll(seats, { ...joins, pids }).finally(() => {
        joinsGoOn = false;
      }),
    ]);
    latencies.push(...played.latencies);
    total.cpu += joined.cpu;
    total.last += joined.last;
    total.waves++;
    if (joined.generatorLoad > 0.9)
      notes.push(`the load generator was at ${Math.round(joined.generatorLoad * 100)} % of its core`);
  }
  return {
    cpu: total.cpu / total.waves,
    last: total.last / total.waves,
    other: quantile(sorted(latencies), 0.99),
  };
}
