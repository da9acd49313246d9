import { readBoard } from "../load/read-board.ts";
import { openRoom } from "../load/room.ts";
import { collectGarbage } from "../measure.ts";
import type { Peer } from "../peers/peer.ts";
import { notesOf, valuesOf } from "./live-edits.ts";
import type { Measure, Outcome, Scale, Values, Workload } from "./workload.ts";

interface Load {
  readers: number;
  writers: number;
  perSecond: number;
  seconds: number;
  items: number;
  pastSessions: number;
}

const loads: Record<Scale, Load> = {
  full: { readers: 100, writers: 10, perSecond: 10, seconds: 8, items: 8_000, pastSessions: 3_000 },
  quick: { readers: 100, writers: 10, perSecond: 10, seconds: 3, items: 8_000, pastSessions: 3_000 },
  tiny: { readers: 3, writers: 2, perSecond: 10, seconds: 0.5, items: 60, pastSessions: 20 },
};

const WATCHERS = 50;

const measures: Measure[] = [
  { key: "fresh", name: "new board" },
  { key: "old", name: "old board" },
].flatMap(({ key, name }): Measure[] => [
  {
    key: `${key}.cpu`,
    name: `${name}: CPU of both servers for one delivered edit`,
    unit: "µs",
    better: "lower",
  },
  { key: `${key}.p50`, name: `${name}: edit to peer, median`, unit: "ms", better: "lower" },
  { key: `${key}.p99`, name: `${name}: edit to peer, 99th percentile`, unit: "ms", better: "lower" },
  { key: `${key}.redis`, name: `${name}: Redis commands for one edit`, unit: "", better: "lower" },
  { key: `${key}.lost`, name: `${name}: edits lost`, unit: "", better: "lower" },
]);

export const twoNodes: Workload = {
  id: "G",
  title: "Two nodes",
  peers: ["ours-nodes", "hocuspocus-redis"],
  measures,
  plot: { bars: ["fresh.cpu", "old.cpu", "fresh.p99", "old.p99"] },
  describe(scale) {
    const { readers, writers, perSecond, items, pastSessions } = loads[scale];
    return `${writers} clients on one node write ${perSecond} edits a second each on a board of ${items} items, ${readers} on the other read; on a new board and on an old one, which ${pastSessions} devices have edited and left. Both nodes have one core together, Redis and PostgreSQL are on the load generator's.`;
  },
  async run(peer, scale) {
    const load = loads[scale];
    const fresh = await runOn(peer, load, 0);
    const old = await runOn(peer, load, load.pastSessions);
    const named = (prefix: string, values: Values) =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]));
    return {
      values: { ...named("fresh", fresh.values), ...named("old", old.values) },
      notes: [...(fresh.notes ?? []), ...(old.notes ?? [])],
    };
  },
};

async function runOn(
  peer: Peer,
  { readers, writers, perSecond, seconds, items }: Load,
  pastSessions: number,
): Promise<Outcome> {
  const running = await peer.start({
    boards: [{ items, pastSessions }],
    clientsPerBoard: readers + writers,
    nodes: 2,
  });
  try {
    const seats = [
      ...running.seats(0, writers, { writers, node: 0 }),
      ...running.seats(0, readers, { node: 1, from: writers }),
    ];
    // One node after the other: a server may put an old board in order when it is opened first.
    for (const node of [0, 1]) for (const seat of running.seats(0, 1, { node })) await readBoard(seat);
    const room = await openRoom(seats, {
      watchers: Math.min(WATCHERS, seats.length),
      pids: running.pids(),
    });
    await room.play({ perSecond, seconds: Math.min(2, seconds) });
    collectGarbage();
    const before = await running.redisCommands?.();
    const played = await room.play({ perSecond, seconds });
    const after = await running.redisCommands?.();
    room.close();
    // Each writer has sent one edit more, by which what is lost is found.
    const edits = played.edits + writers;
    const redis = before === undefined || after === undefined ? Number.NaN : (after - before) / edits;
    return { values: { ...valuesOf(played), redis }, notes: notesOf(played) };
  } finally {
    await running.stop();
  }
}
