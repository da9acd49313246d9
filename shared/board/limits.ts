/**
 * What a form lets a person write. Lengths are counted in characters (code points), as people count them.
 */
export const boardLimits = {
  itemsPerCell: 60,
  titleLength: 40,
  noteLength: 200,
  quantity: 99,
  listEntries: 300,
  listsPerBoard: 20,
  listTitleLength: 20,
  entryLength: 200,
  noticeLength: 2000,
  orderKeyLength: 64,
  searchLength: 60,
  idLength: 32,
} as const;

/** Bringing things back, a thing or a whole cell. Times in milliseconds. */
export const restoreLimits = {
  /** One in two seconds, ten at once, for each resident. */
  commands: { every: 2_000, burst: 10 },
} as const;

/**
 * The guard counts half as many again as the forms: two phones that were offline may each have stayed
 * within the limit, and refusing their merge would throw honest work away.
 */
export const guardCounts = {
  itemsPerCell: 90,
  /** Items that a cell ever had since its board was last renewed. */
  keysPerCell: 5_000,
  listEntries: 450,
  /** Entries that a list ever had since then: Yjs may walk over all of them for each. */
  entriesEver: 2_000,
  noticeLength: 3000,
  /** Pieces that the notice was ever written in since then. */
  noticePieces: 4_000,
  /** Bytes that stay on a board and are paid for like one struct. */
  bytesPerStruct: 50,
  /** Bytes of a board that are put together anew for somebody and count as the work of one struct. */
  bytesEncodedPerStruct: 500,
} as const;

/** Bounds on one Yjs update, before anything in it is believed. */
export type UpdateLimits = {
  bytes: number;
  structs: number;
  /** Values in one struct: those of one field that a way back was kept for, one edit after the other. */
  values: number;
  /** Distinct client ids with new structs in one update. */
  clients: number;
  /** A step 2 carries the delete set of the whole board, so this is as large as boards get. */
  deleteRanges: number;
  /** Length of one garbage-collected or deleted run. */
  runLength: number;
  /** Items that Yjs may have to walk over to weave the update in. */
  conflicts: number;
  /** Highest clock of one client id: keeps every varint of the board in 32 bits. */
  clock: number;
};

/** One live increment: a form saved, a line typed. */
export const incrementLimits: UpdateLimits = {
  bytes: 256 * 1024,
  structs: 4_000,
  values: 1_000,
  clients: 64,
  deleteRanges: 20_000,
  runLength: 1_000_000,
  conflicts: 20_000,
  clock: 2 ** 31 - 1,
};

/** A sync step 2: all that was written offline, and the whole delete set. */
export const stepTwoLimits: UpdateLimits = {
  bytes: 4 * 1024 * 1024,
  structs: 6_000,
  values: 1_000,
  clients: 64,
  deleteRanges: 200_000,
  runLength: 1_000_000,
  conflicts: 20_000,
  clock: 2 ** 31 - 1,
};

/** An edit of the server's own: an import may fill a whole board at once. */
export const serverEditLimits: UpdateLimits = {
  bytes: 16 * 1024 * 1024,
  structs: 500_000,
  values: 1_000,
  clients: 1,
  deleteRanges: 200_000,
  runLength: 1_000_000,
  conflicts: 20_000,
  clock: 2 ** 31 - 1,
};

/** Bounds on one room and one socket. Times in milliseconds, sizes in bytes. */
export const roomLimits = {
  documentBytes: 8 * 1024 * 1024,
  peersPerRoom: 1_000,
  /** Connections of one person to one board: phones, a laptop, their tabs. */
  peersPerResident: 24,
  messagesPerSecond: 60,
  messageBurst: 240,
  /** Pings and pongs of one socket: a browser answers one in a quarter of a minute and sends none of itself. */
  signsPerSecond: 5,
  signBurst: 60,
  /** New structs, and a tenth of what they make Yjs walk over. */
  workPerSecond: 1_000,
  workBurst: 20_000,
  bytesPerSecond: 256 * 1024,
  byteBurst: 5 * 1024 * 1024,
  /** All board sockets of one person on one node together. */
  socketsPerAccount: 64,
  accountMessagesPerSecond: 240,
  accountMessageBurst: 960,
  accountBytesPerSecond: 1024 * 1024,
  accountByteBurst: 20 * 1024 * 1024,
  accountWorkPerSecond: 2_000,
  accountWorkBurst: 30_000,
  /** Structs that stay on boards, or as many bytes: an evening of typing at once, and what nobody writes by hand day after day. */
  accountGrowthPerSecond: 10,
  accountGrowthBurst: 60_000,
  /** Bytes of history: what stood before each change, and what after. An evening of writing at once, and a line a second. */
  accountHistoryPerSecond: 1024,
  accountHistoryBurst: 8 * 1024 * 1024,
  /** Client ids new to a board, one for each page that writes: one every quarter of a minute. */
  accountClientsPerSecond: 1 / 15,
  accountClientBurst: 200,
  /** For so long an account is refused that has written two different things under one number at two nodes. */
  barredFor: 60_000,
  /** People who have left and are remembered for what they owe. */
  accountsRemembered: 5_000,
  /** Waiting messages of one socket while the board loads or a commit is under way. */
  queuedMessages: 512,
  queuedBytes: 5 * 1024 * 1024,
  /** Rows of other nodes that wait for the board to load, or for those before them. */
  heldRows: 1_000,
  heldBytes: 8 * 1024 * 1024,
  /** A state that is larger as it leaves, with the name and door of whose it is, is not shown. */
  awarenessBytes: 1024,
  /**
   * Bytes that what one person shows may make a node send, to everyone on their boards together: a page that moves all
   * the time before a full room, or several before a usual one. What is over it waits.
   */
  accountPresencePerSecond: 1024 * 1024,
  accountPresenceBurst: 2 * 1024 * 1024,
  /** Entries of one message that are read, and entries of other nodes that are shown. */
  awarenessEntries: 1_000,
  /** Bytes of a sync step 1: twenty thousand client ids, far more than a board is left with. */
  stateVectorBytes: 256 * 1024,
  /** Over this a peer gets no more frames until it has read what it has. */
  staleBytes: 256 * 1024,
  /** Stale for this long, beyond the time a slow line needs for what waits, it is closed. */
  staleFor: 30_000,
} as const;

export type RoomLimits = { [K in keyof typeof roomLimits]: number };
