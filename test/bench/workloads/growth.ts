import { wholeMark } from "../board.ts";
import { joinAll } from "../load/join.ts";
import { median, memoryOf } from "../measure.ts";
import type { Peer, Setup } from "../peers/peer.ts";
import { fittedPower } from "./fitted-power.ts";
import { notesOf, playLive } from "./live-edits.ts";
import type { Measure, Outcome, Point, Scale, Values, Workload } from "./workload.ts";

/** One step of a series: what is there, and what is done with it. */
interface Step {
  setup: Setup;
  writersPerBoard: number;
  perSecond: number;
}

interface Series {
  id: string;
  title: string;
  /** What grows. */
  xName: string;
  sizes: Record<Scale, readonly number[]>;
  /** What stays the same. */
  fixed: string;
  step(size: number): Step;
}

const SECONDS: Record<Scale, number> = { full: 6, quick: 2, tiny: 0.4 };
const JOINS = 101;
/** Of one person: fewer than may begin a connection in ten seconds. */
const JOINS_EACH = 35;
const CLIENTS = 50;

/** Measures that may grow in proportion to what grows, and no faster. */
const growing: Measure[] = [
  { key: "editCpu", name: "server CPU for one edit", unit: "µs", better: "lower" },
  { key: "p99", name: "edit to peer, 99th percentile", unit: "ms", better: "lower" },
  { key: "pss", name: "memory (PSS)", unit: "MiB", better: "lower" },
  { key: "join", name: "one client joins", unit: "ms", better: "lower" },
];
const powers = growing.map(
  ({ key, name }): Measure => ({
    key: `${key}.power`,
    name: `power with which grows: ${name}`,
    unit: "",
    better: "lower",
  }),
);

const series: Series[] = [
  {
    id: "clients",
    title: "Growth with clients",
    xName: "clients",
    sizes: { full: [10, 30, 100, 300, 1_000, 2_000], quick: [10, 100, 1_000], tiny: [3, 6] },
    fixed: "one board of 800 items, 3 writers with 10 edits a second each",
    step: (clients) => ({
      setup: { boards: [{ items: 800, pastSessions: 0 }], clientsPerBoard: clients },
      writersPerBoard: 3,
      perSecond: 10,
    }),
  },
  {
    id: "boards",
    title: "Growth with boards",
    xName: "boards",
    sizes: { full: [1, 10, 100, 1_000, 5_000], quick: [1, 10, 100, 1_000], tiny: [1, 3] },
    fixed: "100 items, two clients on each board, 100 edits a second over them all",
    step: (boards) => ({
      setup: {
        boards: Array.from({ length: boards }, () => ({ items: 100, pastSessions: 0 })),
        clientsPerBoard: 2,
      },
      writersPerBoard: 1,
      perSecond: 100 / boards,
    }),
  },
  {
    id: "items",
    title: "Growth with items",
    xName: "items",
    sizes: { full: [100, 300, 1_000, 3_000, 8_000, 20_000], quick: [100, 1_000, 8_000], tiny: [60, 120] },
    fixed: `one board, ${CLIENTS} clients, 5 writers with 10 edits a second each`,
    step: (items) => ({
      setup: { boards: [{ items, pastSessions: 0 }], clientsPerBoard: CLIENTS },
      writersPerBoard: 5,
      perSecond: 10,
    }),
  },
  {
    id: "sessions",
    title: "Growth with past sessions",
    xName: "past sessions",
    sizes: { full: [0, 300, 1_000, 3_000, 10_000, 20_000], quick: [0, 300, 3_000], tiny: [0, 30] },
    fixed: `one board of 800 items, ${CLIENTS} clients, 5 writers with 10 edits a second each`,
    step: (pastSessions) => ({
      setup: { boards: [{ items: 800, pastSessions }], clientsPerBoard: CLIENTS },
      writersPerBoard: 5,
      perSecond: 10,
    }),
  },
];

export const growth: readonly Workload[] = series.map((each) => ({
  id: each.id,
  title: each.title,
  peers: ["ours"],
  measures: powers,
  plot: { x: "x", xName: each.xName, lines: growing, log: true },
  describe: (scale) =>
    `${each.xName} from ${each.sizes[scale][0]} to ${each.sizes[scale].at(-1)}; the same throughout: ${each.fixed}. ` +
    "The power is the smallest p with which a curve a + b·xᵖ tells the points: 1 is in proportion, 0 is not at all.",
  run: (peer, scale) => runSeries(each, (step) => measureStep(peer, step, SECONDS[scale]), scale),
}));

async function runSeries(
  { sizes, step }: Series,
  measure: (step: Step) => Promise<Outcome>,
  scale: Scale,
): Promise<Outcome> {
  const curve: Point[] = [];
  const notes: string[] = [];
  for (const size of sizes[scale]) {
    try {
      const outcome = await measure(step(size));
      curve.push({ x: size, ...outcome.values });
      notes.push(...(outcome.notes ?? []).map((note) => `at ${size}: ${note}`));
    } catch (error) {
      notes.push(`at ${size} not measured: ${error instanceof Error ? error.message : error}`);
    }
  }
  const powerOf = (key: string) =>
    fittedPower(curve.map((point) => [point.x ?? 0, point[key] ?? Number.NaN]));
  const values: Values = Object.fromEntries(growing.map(({ key }) => [`${key}.power`, powerOf(key)]));
  return { values, curve, notes };
}

async function measureStep(
  peer: Peer,
  { setup, writersPerBoard, perSecond }: Step,
  seconds: number,
): Promise<Outcome> {
  const running = await peer.start(setup);
  try {
    const seats = setup.boards.flatMap((_, board) =>
      running.seats(board, setup.clientsPerBoard, { writers: writersPerBoard }),
    );
    const played = await playLive(running, seats, { perSecond, seconds, restByTurns: true });
    const { pss } = memoryOf(running.pids());
    const joins: number[] = [];
    const people = setup.clientsPerBoard;
    for (let join = 0; join < Math.min(JOINS, JOINS_EACH * people); join++) {
      const seat = running.seats(0, 1, { from: join % people });
      joins.push((await joinAll(seat, { mark: wholeMark, pids: [] })).last);
    }
    return {
      values: { editCpu: (played.cpu * 1000) / played.edits, p99: played.p99, pss, join: median(joins) },
      notes: notesOf(played),
    };
  } finally {
    await running.stop();
  }
}
