import { until } from "../../services/until.ts";
import { cpuTime } from "../measure.ts";
import type { Seat } from "../peers/peer.ts";
import { connectClient } from "./connect.ts";
import type { RawClient } from "./raw-client.ts";

export interface JoinOptions {
  /** What each client has already; nothing when absent. */
  stateVector?: Uint8Array;
  /** Text in the frame with which a client has all there is. */
  mark: string;
  /** Processes of the server, for its CPU time. */
  pids: readonly number[];
}

/** Times in ms. */
export interface Joined {
  /** From the first connect until the last client was whole. */
  last: number;
  cpu: number;
  /** Bytes that all clients have received. */
  bytes: number;
  /** Share of its core that the load generator used. */
  generatorLoad: number;
}

/** All clients connect at once and leave when all are whole. @throws when one is not within three minutes */
export async function joinAll(
  seats: readonly Seat[],
  { stateVector, mark, pids }: JoinOptions,
): Promise<Joined> {
  const needle = Buffer.from(mark);
  const whole = new Set<RawClient>();
  let lastAt = 0;
  let broken: Error | undefined;
  const clients: RawClient[] = [];
  const before = { at: performance.now(), cpu: cpuTime(pids), own: process.cpuUsage() };
  try {
    await Promise.all(
      seats.map(async (seat) => {
        const client = await connectClient(
          seat,
          {
            lost(reason) {
              broken ??= reason;
            },
            message(_, frame, at, from) {
              if (!frame.found || whole.has(from)) return;
              whole.add(from);
              lastAt = at;
            },
          },
          { stateVector, needle },
        );
        clients.push(client);
      }),
    );
    await until("every client has the whole board", () => broken || whole.size === seats.length, 180_000);
    if (broken) throw broken;
    const own = process.cpuUsage(before.own);
    const elapsed = performance.now() - before.at;
    return {
      last: lastAt - before.at,
      cpu: cpuTime(pids) - before.cpu,
      bytes: clients.reduce((sum, client) => sum + client.received(), 0),
      generatorLoad: (own.user + own.system) / 1000 / elapsed,
    };
  } finally {
    for (const client of clients) client.end();
  }
}
