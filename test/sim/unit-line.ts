import type { Kysely } from "kysely";
import type { LoggedEvent, Unit } from "../../server/events/log.ts";
import type { CommunityCursor, EventOf, EventTable } from "../../server/events/table.ts";
import type { Schema } from "../../server/storage/schema.ts";
import type { Storage, Tx } from "../../server/storage/storage.ts";
import type { DiskLine } from "./disk-line.ts";
import { communityId, type SimCommunity, SimUnit } from "./sim-community.ts";

/** What the log of events needs of a database. */
export type Units = Pick<Storage, "write">;

/** Lets a change of the house take effect with the unit it belongs to. */
export function changeWith({ db }: Tx | Unit, change: () => void): void {
  unitOf(db).changes.push(change);
}

const unitOf = (db: Kysely<Schema>): SimUnit => db as unknown as SimUnit;

/** A node's units of work and what it asks of the log of events, over the same line as its boards. */
export class UnitLine implements Units, EventTable {
  readonly #line: DiskLine;
  readonly #community: SimCommunity;
  readonly #report: (error: unknown) => void;
  readonly #open = new Set<SimUnit>();

  /** @param report is told what an after-commit hook throws */
  constructor(line: DiskLine, community: SimCommunity, report: (error: unknown) => void) {
    this.#line = line;
    this.#community = community;
    this.#report = report;
  }

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const unit = new SimUnit();
    const hooks: (() => void)[] = [];
    this.#open.add(unit);
    let value: T;
    try {
      const db = unit as unknown as Kysely<Schema>;
      value = await work({ db, afterCommit: (hook) => void hooks.push(hook) });
      unit.isSent = true;
      await this.#line.ask("unit", () => this.#community.commit(unit));
    } catch (error) {
      this.#community.end(unit);
      throw error;
    } finally {
      this.#open.delete(unit);
    }
    for (const hook of hooks) {
      try {
        hook();
      } catch (error) {
        this.#report(error);
      }
    }
    return value;
  }

  append(
    db: Kysely<Schema>,
    _communityId: string,
    told: readonly Omit<LoggedEvent, "seq">[],
  ): Promise<LoggedEvent[]> {
    return this.#line.askAndWait("append", (done, fail) =>
      this.#community.append(unitOf(db), told, done, fail),
    );
  }

  since(_communityId: string, cursor: number, limit: number): Promise<LoggedEvent[]> {
    return this.#line.ask("events", () => this.#community.since(cursor, limit));
  }

  async sinceEach(behind: readonly CommunityCursor[], limit: number): Promise<EventOf[]> {
    const [one] = behind;
    if (one === undefined) return [];
    const events = await this.since(one.communityId, one.cursor, limit);
    return events.map((event) => ({ communityId: one.communityId, event }));
  }

  head(): Promise<number> {
    return this.#line.ask("event-head", () => this.#community.seq);
  }

  heads(communityIds: readonly string[]): Promise<Map<string, number>> {
    if (communityIds.length === 0) return Promise.resolve(new Map());
    return this.#line.ask("event-head", () => new Map([[communityId, this.#community.seq]]));
  }

  /** The node has died, and the database notices: units end whose commit was not sent. Of the others it hears, or not. */
  abandon(): void {
    for (const unit of this.#open) if (!unit.isSent) this.#community.end(unit);
  }
}
