import type { LoggedEvent } from "../../server/events/log.ts";
import { SimulatedFault } from "./disk-line.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Witness } from "./witness.ts";

/** The one community of a run. */
export const communityId = "c1";

/** As the real database is told to be, milliseconds: how long a unit may hold a row in silence, and wait for one. */
const limits = { idle: 4_000, waiting: 5_000 };

type Told = Omit<LoggedEvent, "seq">;
type Turn = { unit: SimUnit; granted(): void };

/** A transaction: its changes and its events take effect in one moment, or never. */
export class SimUnit {
  readonly changes: (() => void)[] = [];
  events: LoggedEvent[] = [];
  isOpen = true;
  /** Its commit is on its way, and may come after the node has died. */
  isSent = false;
}

/** The community's row and its events on the disk. Who appends holds the row until the commit, or the end of the unit. */
export class SimCommunity {
  readonly rows: LoggedEvent[] = [];
  /** In the row that orders the community. */
  seq = 0;
  #holder: SimUnit | null = null;
  #waiting: Turn[] = [];
  readonly #clock: VirtualClock;
  readonly #witness: Witness;
  readonly #committed: (events: readonly LoggedEvent[]) => void;

  constructor(clock: VirtualClock, witness: Witness, committed: (events: readonly LoggedEvent[]) => void) {
    this.#clock = clock;
    this.#witness = witness;
    this.#committed = committed;
  }

  /** Takes the next numbers when it is this unit's turn. */
  append(
    unit: SimUnit,
    told: readonly Told[],
    done: (events: LoggedEvent[]) => void,
    fail: (error: Error) => void,
  ): void {
    const granted = () => {
      this.#holder = unit;
      unit.events = copyOf(told.map((event, at) => ({ ...event, seq: this.seq + 1 + at })));
      this.#clock.after(limits.idle, () => this.end(unit));
      done(copyOf(unit.events));
    };
    if (!unit.isOpen) fail(new SimulatedFault("the database has ended the unit"));
    else if (this.#holder === null) granted();
    else {
      const turn = { unit, granted };
      this.#waiting.push(turn);
      this.#clock.after(limits.waiting, () => {
        if (!this.#waiting.includes(turn)) return;
        this.end(unit);
        fail(new SimulatedFault("the community's row was not free in time"));
      });
    }
  }

  /** @throws SimulatedFault when the database has ended the unit before */
  commit(unit: SimUnit): void {
    if (!unit.isOpen) throw new SimulatedFault("the database has ended the unit");
    for (const change of unit.changes) change();
    for (const event of unit.events) {
      if (event.seq !== (this.rows.at(-1)?.seq ?? 0) + 1)
        this.#witness.fail("event-log", `${event.seq} came after ${this.rows.at(-1)?.seq}`);
      this.rows.push(event);
      this.#witness.note(event.seq, event.name.length);
    }
    this.seq = Math.max(this.seq, unit.events.at(-1)?.seq ?? 0);
    this.end(unit);
    if (unit.events.length > 0) this.#committed(unit.events);
  }

  /** What has not been committed by now never is. */
  end(unit: SimUnit): void {
    if (!unit.isOpen) return;
    unit.isOpen = false;
    this.#waiting = this.#waiting.filter((turn) => turn.unit !== unit);
    if (this.#holder !== unit) return;
    this.#holder = null;
    this.#waiting.shift()?.granted();
  }

  since(cursor: number, limit: number): LoggedEvent[] {
    // Mostly there is nothing, and numbers are dense.
    if (cursor >= (this.rows.at(-1)?.seq ?? 0)) return [];
    return copyOf(this.rows.filter(({ seq }) => seq > cursor).slice(0, limit));
  }

  /** Whether this is in the log as it is told. */
  has({ seq, name, data }: Pick<LoggedEvent, "seq" | "name" | "data">): boolean {
    const row = this.rows.find((each) => each.seq === seq);
    return row?.name === name && JSON.stringify(row.data) === JSON.stringify(data);
  }
}

/** As it comes out of a column of JSON. */
const copyOf = (events: LoggedEvent[]): LoggedEvent[] => JSON.parse(JSON.stringify(events));
