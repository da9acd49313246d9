import { type CloseName, closeCodes } from "../../shared/wire/close-codes.ts";
import type { Rooms } from "../sync/rooms.ts";
import type { Metrics } from "./metrics.ts";

type Counters = Rooms["counters"];

/** What each count is about. All but the first two are since the start. */
const sentences: Record<Exclude<keyof Counters, "closed">, string> = {
  rooms: "Boards that are open now.",
  peers: "Board sockets that are open now.",
  loads: "Boards read from the database, since the start.",
  loadFailures: "Boards that could not be read, since the start.",
  unloads: "Boards let go of again, since the start.",
  messages: "Messages of board sockets, since the start.",
  bytesIn: "Bytes of those messages, since the start.",
  bytesOut: "Bytes sent to board sockets, since the start.",
  ticks: "Ticks in which edits were applied, since the start.",
  commits: "Commits of boards, since the start.",
  commitFailures: "Commits of boards that failed, since the start.",
  turns: "Commits that waited for their turn in the database, since the start.",
  commitMs: "Milliseconds spent waiting for commits, since the start.",
  taken: "Rows of other nodes taken in, since the start.",
  holes: "Holes in the rows of other nodes that the log had to fill, since the start.",
  resyncs: "Peers that were sent the whole difference anew, since the start.",
  stale: "Peers that got no more frames until they had read what they had, since the start.",
  renewals: "Boards made anew, since the start.",
  compactions: "Logs of boards folded into a snapshot, since the start.",
  compactionFailures: "Logs of boards that could not be folded, since the start.",
};

/** The boards' own counts as metrics; they are read only when somebody asks. */
export function watchRooms(metrics: Metrics, { counters }: Pick<Rooms, "counters">): void {
  for (const [name, sentence] of Object.entries(sentences)) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    metrics.gauge(`boards_${snake}`, sentence, () => counters[name as keyof typeof sentences]);
  }
  metrics.gauges(
    "boards_sockets_closed",
    "Board sockets the server closed, by the name of the close code, since the start.",
    "name",
    () => {
      // From the start, so that the first one of its kind is seen to grow.
      const names = Object.keys(closeCodes) as CloseName[];
      return Object.fromEntries(names.map((name) => [name, counters.closed[name] ?? 0]));
    },
  );
}
