import type { BoardShape } from "../board.ts";
import type { Wire } from "../load/wire.ts";

export interface Setup {
  /** The boards it has from the start. */
  boards: readonly BoardShape[];
  /** Clients that a board may be asked seats for. */
  clientsPerBoard: number;
  /** Processes that serve the same boards; one unless said. */
  nodes?: number;
  /** Settings of the server, for those that read them from the environment. */
  env?: Record<string, string>;
}

/** A server that can be measured. */
export interface Peer {
  /** For the command line and the results file. */
  id: string;
  name: string;
  /** What it does before it tells others of an edit; said beside the numbers. */
  promise: string;
  /** Starts it with its boards, in processes of their own, each kept on the servers' core. */
  start(setup: Setup): Promise<RunningPeer>;
}

export interface RunningPeer {
  /** One process for each node. */
  pids(): number[];
  /**
   * Ways in for clients of a board, each under an account and with a cell of its own; the first `writers` write.
   * @param from passes over the seats that others have
   */
  seats(board: number, clients: number, options?: { writers?: number; node?: number; from?: number }): Seat[];
  /** Ends the processes with a signal and starts them again on what they have kept. */
  restart(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Commands that the Redis between the nodes has served; absent without one. */
  redisCommands?(): Promise<number>;
  stop(): Promise<void>;
}

/** One client's way in. */
export interface Seat {
  url: string;
  headers: Record<string, string>;
  wire: Wire;
  board: number;
  /** The household whose cell it may write. */
  cell: string;
  writes: boolean;
}
