/**
 * What things cost on one core of the machine the project is measured on (2 × AMD EPYC, loopback, Node 24.21,
 * PostgreSQL 15 that flushes, all on the same two cores). `npm run test:scaling` measures the times again; after a change
 * here `npm run test:scaling -- --write` writes docs/scaling.md anew. Times in µs of CPU, sizes in bytes
 * of heap, taken after a collection with 444 sockets and 60 boards of 800 items.
 */
export interface Costs {
  /** One edit of a board at its node: checked, applied, committed. */
  editNode: number;
  editDatabase: number;
  /** One frame of a board, an edit or presence, to one peer. */
  boardDelivery: number;
  /** One message of the chat or another command that writes an event. */
  messageNode: number;
  messageDatabase: number;
  /** One event or signal to one Socket.IO socket. */
  eventDelivery: number;
  ballotNode: number;
  ballotDatabase: number;
  /** How long a ballot or message holds the row that numbers its community's events: they queue there. */
  communityQueue: number;
  /** A Socket.IO client comes: session, rights, a whole snapshot. */
  welcomeNode: number;
  welcomeDatabase: number;
  /** A board socket comes to a board that is open. */
  joinNode: number;
  joinDatabase: number;
  /** A board is loaded, for each item on it. */
  openNodePerItem: number;
  openDatabase: number;
  /** One round of what a node asks however little there is, and more for each board or community it asks for. */
  pollNode: number;
  pollDatabase: number;
  headNode: number;
  headDatabase: number;
  /** One open vote of 60 ballots in such a round. */
  openVoteNode: number;
  openVoteDatabase: number;
  /** Heartbeats of one open socket, each second. */
  idleSocket: number;
  boardSocketBytes: number;
  eventSocketBytes: number;
  boardBytesPerItem: number;
  /** A node with nothing to do. */
  nodeBytes: number;
  /** One message published in Redis, and each copy of it to a node. */
  redisPublish: number;
  redisCopy: number;
  /** One copy that a node takes in. */
  redisTaken: number;
}

export const costs: Costs = {
  editNode: 1_500,
  editDatabase: 950,
  boardDelivery: 9,
  messageNode: 2_500,
  messageDatabase: 2_000,
  eventDelivery: 17,
  ballotNode: 1_700,
  ballotDatabase: 950,
  communityQueue: 1_900,
  welcomeNode: 4_500,
  welcomeDatabase: 2_200,
  joinNode: 1_000,
  joinDatabase: 200,
  openNodePerItem: 40,
  openDatabase: 1_500,
  pollNode: 900,
  pollDatabase: 530,
  headNode: 0.5,
  headDatabase: 0.5,
  openVoteNode: 7,
  openVoteDatabase: 35,
  idleSocket: 5,
  boardSocketBytes: 11_000,
  eventSocketBytes: 20_000,
  boardBytesPerItem: 2_900,
  nodeBytes: 116e6,
  redisPublish: 7,
  redisCopy: 3,
  redisTaken: 6,
};

/** What has not been measured but estimated: a heartbeat is too little for the clock of a process to see. */
export const estimated: readonly (keyof Costs)[] = ["idleSocket"];

/** What we call one node, one PostgreSQL and one Redis, and how full each may be. */
export const machines = {
  /** JavaScript runs on one core; the second is for the collector, TLS of the database and the kernel. */
  nodeCores: 1,
  nodeBytes: 2 * 2 ** 30,
  nodeSockets: 10_000,
  databaseCores: 8,
  /** Commits a second that a cloud disk of the better sort flushes, in groups. Estimated. */
  databaseCommits: 4_000,
  databaseConnections: 500,
  connectionsOfNode: 10,
  redisCores: 1,
  /** Share of a CPU, a heap, a disk or a queue that may be used at the peak: beyond it waiting grows faster than work. */
  full: 0.6,
  /** After a lost node its people are back within this time, seconds. */
  returnWithin: 30,
};

export type Machines = typeof machines;
