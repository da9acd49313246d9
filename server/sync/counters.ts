import type { CloseName } from "../../shared/wire/close-codes.ts";

/** What the rooms have done so far, for metrics. Plain numbers; whoever exports them reads them. */
export type SyncCounters = {
  rooms: number;
  peers: number;
  loads: number;
  loadFailures: number;
  unloads: number;
  messages: number;
  bytesIn: number;
  bytesOut: number;
  ticks: number;
  commits: number;
  commitFailures: number;
  /** Commits that waited for their turn in the database, because other nodes always came first. */
  turns: number;
  /** Milliseconds spent waiting for commits, in all. */
  commitMs: number;
  /** Rows of other nodes taken in, and holes in their sequence that the log had to fill. */
  taken: number;
  holes: number;
  resyncs: number;
  stale: number;
  renewals: number;
  compactions: number;
  compactionFailures: number;
  /** Sockets the server closed, by the name of the close code. */
  closed: Partial<Record<CloseName, number>>;
};

export function newCounters(): SyncCounters {
  return {
    rooms: 0,
    peers: 0,
    loads: 0,
    loadFailures: 0,
    unloads: 0,
    messages: 0,
    bytesIn: 0,
    bytesOut: 0,
    ticks: 0,
    commits: 0,
    commitFailures: 0,
    turns: 0,
    commitMs: 0,
    taken: 0,
    holes: 0,
    resyncs: 0,
    stale: 0,
    renewals: 0,
    compactions: 0,
    compactionFailures: 0,
    closed: {},
  };
}
