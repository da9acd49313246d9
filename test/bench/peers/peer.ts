/** A server that can be measured. */
export interface Peer {
  name: string;
  /** What it does before it tells others of an edit; said beside the numbers. */
  promise: string;
  /** Starts it in a process of its own with a board of 800 items. */
  start(): Promise<RunningPeer>;
}

export interface RunningPeer {
  pid: number;
  /** Ways in for as many clients, all to the same board. The first `writers` may each write a cell of their own. */
  seats(clients: number, writers: number): Promise<Seat[]>;
  stop(): Promise<void>;
}

/** One client's way in. */
export interface Seat {
  url: string;
  headers: Record<string, string>;
  /** The household whose cell it may write; null for one that only reads. */
  cell: string | null;
}
