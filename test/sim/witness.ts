/** The rules a run is held to. Each is broken by a kind of defect of its own. */
export const rules = [
  /** Something was sent that is not on the disk (INV-1). */
  "seen-before-durable",
  /** "Saved" was said of something that is not on the disk (INV-1). */
  "acked-before-durable",
  /** What was acknowledged is not there after a cold start. */
  "acked-lost",
  /** An edit stands where its writer may not write, or a forbidden one stands anywhere (INV-2). */
  "forbidden",
  /** The history of a commit does not say what the commit changed. */
  "history",
  /** The rows kept for reading differ from the document. */
  "rows",
  /** The log has a hole, a number twice, or an update that stays pending. */
  "log",
  /** A client id with two accounts, or with none. */
  "binding",
  /** A snapshot, a fold or a renewal is not the document it stands for. */
  "snapshot",
  /** A committed frame came twice on one connection that had not asked again. */
  "sent-twice",
  /** Replicas differ after everything has healed. */
  "diverged",
  /** A client with honest edits was told that the server does not take them. */
  "honest-refused",
  /** Somebody was told that nothing could be saved, although nothing was broken. */
  "starved",
  /** Edits stay unsaved, or a client stays away, although everything has healed. */
  "stuck",
  /** Somebody is shown who is not there, or not shown who is. */
  "presence",
  /** Rooms, sockets, timers or subscriptions are left when nobody is there. */
  "leak",
  /** The server reported what must not happen. */
  "fault",
  /** An event was told that is not in the log, or is something else there (INV-1). */
  "event-unstored",
  /** Somebody heard an event twice, after a later one, or not at all although later ones came (INV-6). */
  "event-order",
  /** Somebody who listened had not been told of an event in time, or has not heard it when all has healed. */
  "event-late",
  /** Somebody who has a board open had not been shown a row of it in time. */
  "row-late",
  /** The log of events has a hole or a number twice. */
  "event-log",
  /** A socket that was let in before its person's rights changed went on after everyone must have heard of it. */
  "access-late",
  /** A shutdown took longer than its deadline. */
  "drain",
] as const;

export type Rule = (typeof rules)[number];

export type Violation = { rule: Rule; message: string; at: number };

/** Keeps the first thing that went wrong in a run; the run ends with it. */
export class Witness {
  violation: Violation | null = null;
  readonly #now: () => number;
  /** Rules this run is not held to. */
  readonly #without: ReadonlySet<Rule>;
  #trace = 0x811c9dc5;

  constructor(now: () => number, without: ReadonlySet<Rule>) {
    this.#now = now;
    this.#without = without;
  }

  /** Not thrown: that would run through the server's own code and be caught there. */
  fail(rule: Rule, message: string): void {
    if (!this.#without.has(rule)) this.violation ??= { rule, message, at: this.#now() };
  }

  /** Takes something that happened into the fingerprint of the run. */
  note(what: number, size: number): void {
    this.#trace = Math.imul(this.#trace ^ (what + size * 31 + (this.#now() % 1e6) * 17), 0x01000193) >>> 0;
  }

  /** The same for two runs exactly when they went the same way. */
  get fingerprint(): string {
    return this.#trace.toString(16).padStart(8, "0");
  }
}
