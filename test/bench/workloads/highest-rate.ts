import { openRoom, type Played, type Room } from "../load/room.ts";
import { collectGarbage } from "../measure.ts";
import { notesOf } from "./live-edits.ts";
import { type Outcome, type Point, type Scale, slowLatency, type Workload } from "./workload.ts";

interface Load {
  clients: number;
  /** Edits a second, over all writers, that the search begins with. */
  first: number;
  seconds: number;
  /** Steps by which the rate found is made finer. */
  refinements: number;
}

const loads: Record<Scale, Load> = {
  full: { clients: 100, first: 300, seconds: 4, refinements: 3 },
  quick: { clients: 100, first: 400, seconds: 2, refinements: 1 },
  tiny: { clients: 4, first: 40, seconds: 0.3, refinements: 0 },
};

const ITEMS = 800;
const GROWTH = 1.5;
const MOST_STEPS = 14;
/** A tiny run proves the code and goes no further. */
const MOST_TINY_STEPS = 2;
/** ms at the 99th percentile up to which people take an edit for immediate. */
const BEARABLE = 250;

export const highestRate: Workload = {
  id: "F",
  title: "The highest rate that is still live",
  peers: ["ours", "y-websocket-server", "hocuspocus"],
  measures: [
    { key: "rate", name: `edits a second, p99 below ${BEARABLE} ms`, unit: "/s", better: "higher" },
    { key: "p99", name: "99th percentile there", unit: "ms", better: null },
    { key: "generator", name: "load generator's core in use there", unit: "%", better: null },
  ],
  plot: { x: "rate", xName: "edits a second", lines: [slowLatency], log: true },
  describe(scale) {
    const { clients, seconds } = loads[scale];
    return `One board of ${ITEMS} items, ${clients} clients who all write; the rate rises, ${seconds} s a step, until the 99th percentile is above ${BEARABLE} ms or an edit does not arrive.`;
  },
  async run(peer, scale) {
    const load = loads[scale];
    const running = await peer.start({
      boards: [{ items: ITEMS, pastSessions: 0 }],
      clientsPerBoard: load.clients,
    });
    const open = () =>
      openRoom(running.seats(0, load.clients, { writers: load.clients }), {
        watchers: 10,
        pids: running.pids(),
      });
    try {
      return await search(open, load, scale === "tiny" ? MOST_TINY_STEPS : MOST_STEPS);
    } finally {
      await running.stop();
    }
  },
};

interface Step {
  rate: number;
  played: Played | null;
}

async function search(open: () => Promise<Room>, load: Load, mostSteps: number): Promise<Outcome> {
  const steps: Step[] = [];
  const holds = async (rate: number) => {
    const step = await tryRate(open, load, rate);
    steps.push(step);
    return isLive(step);
  };
  let good = 0;
  let bad = load.first;
  while (steps.length < mostSteps && (await holds(bad))) {
    good = bad;
    bad *= GROWTH;
  }
  for (let refinement = 0; refinement < load.refinements; refinement++) {
    const middle = (good + bad) / 2;
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  const best = steps.find(({ rate }) => rate === good)?.played;
  const notes = steps
    .filter((step) => !isLive(step))
    .flatMap(({ played }) => (played ? notesOf(played) : []));
  return {
    values: { rate: good, ...(best && { p99: best.p99, generator: best.generatorLoad * 100 }) },
    curve: steps.sort((a, b) => a.rate - b.rate).map(pointOf),
    notes: notes.slice(0, 1).map((note) => `beyond its rate ${note}`),
  };
}

/** Each step begins with connections of its own, so that what one leaves behind is not the next one's. */
async function tryRate(open: () => Promise<Room>, { clients, seconds }: Load, rate: number): Promise<Step> {
  const room = await open();
  try {
    const perSecond = rate / clients;
    await room.play({ perSecond, seconds: Math.min(1, seconds), longestWait: 5_000 });
    collectGarbage();
    return { rate, played: await room.play({ perSecond, seconds, longestWait: 5_000 }) };
  } catch {
    // A server that closes its clients at this rate does not hold it.
    return { rate, played: null };
  } finally {
    room.close();
  }
}

const isLive = ({ played }: Step) => played !== null && played.lost === 0 && played.p99 < BEARABLE;

const pointOf = ({ rate, played }: Step): Point => ({
  rate,
  p99: played?.p99 ?? Number.NaN,
  generator: (played?.generatorLoad ?? Number.NaN) * 100,
});
