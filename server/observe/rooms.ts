import type { Rooms } from "../sync/rooms.ts";
import type { Metrics } from "./metrics.ts";

/** The boards' own counts as metrics; they are read only when somebody asks. */
export function watchRooms(metrics: Metrics, { counters }: Pick<Rooms, "counters">): void {
  const { closed, ...plain } = counters;
  for (const name of Object.keys(plain) as (keyof typeof plain)[]) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    metrics.gauge(`boards_${snake}`, `Boards: ${name}, since the start.`, () => counters[name]);
  }
  metrics.gauge("boards_sockets_closed", "Board sockets the server closed, since the start.", () =>
    Object.values(closed).reduce((sum, count) => sum + count, 0),
  );
}
