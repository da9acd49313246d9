import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import * as Y from "yjs";
import type { SaidMessage } from "./talker.ts";

/** What the database holds, read by nothing of the server's. */
export interface ColdBoard {
  doc: Y.Doc;
  /** Why its log is not whole; empty when it is. */
  faults: string[];
  updates: number;
  snapshots: number;
}

export interface LoggedRow {
  seq: number;
  name: string;
  rooms: string[];
  data: unknown;
}

/** Asks a database; parameters are `$1`, `$2`. */
export interface Rows {
  rows(sql: string, values: string[]): Promise<unknown[]>;
  close(): Promise<void>;
}

/** A direct line to PostgreSQL, past every proxy and every node. */
export function postgresRows(databaseUrl: string): Rows {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, connectionTimeoutMillis: 2_000 });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return {
    rows: async (sql, values) => (await pool.query(sql, values)).rows,
    close: () => pool.end(),
  };
}

/** The embedded database's file, read beside the server or without it. */
export function sqliteRows(path: string): Rows {
  return {
    rows: async (sql, values) => {
      const database = new DatabaseSync(path, { readOnly: true });
      try {
        return database.prepare(sql.replaceAll("$", "?")).all(...values);
      } finally {
        database.close();
      }
    },
    close: async () => {},
  };
}

/** Reads what is stored by itself; nothing of the server's own reading is used. */
export class ColdReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  close(): Promise<void> {
    return this.#rows.close();
  }

  async rows<T>(sql: string, values: string[] = []): Promise<T[]> {
    return (await this.#rows.rows(sql, values)) as T[];
  }

  /** Puts the board together from its newest snapshot and the log, and again from each older snapshot. */
  async board(boardId: string): Promise<ColdBoard> {
    const [board] = await this.rows<{ seq: string }>("select seq from boards where id = $1", [boardId]);
    const snapshots = await this.rows<{ seq: string; data: Uint8Array; generation: string }>(
      "select * from board_snapshots where board_id = $1 order by seq desc",
      [boardId],
    );
    const updates = await this.rows<{ seq: string; data: Uint8Array }>(
      "select seq, data from board_updates where board_id = $1 order by seq",
      [boardId],
    );
    const faults: string[] = [];
    const numbers = updates.map(({ seq }) => Number(seq));
    numbers.forEach((seq, at) => {
      if (at > 0 && seq !== (numbers[at - 1] ?? 0) + 1)
        faults.push(`update ${numbers[at - 1]} is followed by ${seq}`);
    });
    const last = Number(board?.seq ?? 0);
    const newest = Number(snapshots[0]?.seq ?? 0);
    if (Math.max(numbers.at(-1) ?? 0, newest) !== last)
      faults.push(`the board is at ${last}, its log ends at ${numbers.at(-1)}, its snapshot at ${newest}`);
    const docFrom = (snapshot: { seq: string; data: Uint8Array } | undefined): Y.Doc => {
      const after = Number(snapshot?.seq ?? 0);
      const rest = updates.filter(({ seq }) => Number(seq) > after);
      if (rest.length > 0 && Number(rest[0]?.seq) !== after + 1)
        faults.push(`after snapshot ${after} the log goes on with ${rest[0]?.seq}`);
      const doc = new Y.Doc();
      if (snapshot) Y.applyUpdate(doc, snapshot.data);
      for (const { data } of rest) Y.applyUpdate(doc, data);
      return doc;
    };
    const doc = docFrom(snapshots[0]);
    for (const older of snapshots.slice(1)) {
      if (older.generation !== snapshots[0]?.generation) continue;
      const same = Buffer.compare(contents(doc), contents(docFrom(older))) === 0;
      if (!same) faults.push(`snapshot ${older.seq} and the log after it give another board`);
    }
    return { doc, faults, updates: updates.length, snapshots: snapshots.length };
  }

  /** Everything in the community's log, in order. */
  async events(): Promise<LoggedRow[]> {
    const rows = await this.rows<{ seq: string; name: string; rooms: string; data: string }>(
      "select seq, name, rooms, data from events order by seq",
    );
    return rows.map(({ seq, name, rooms, data }) => ({
      seq: Number(seq),
      name,
      rooms: JSON.parse(rooms) as string[],
      data: JSON.parse(data) as unknown,
    }));
  }

  /** The rows beside the document: what each thing looks like now. */
  items(boardId: string): Promise<{ household_id: string; item_id: string; title: string }[]> {
    return this.rows("select household_id, item_id, title from board_items where board_id = $1", [boardId]);
  }

  async messages(channelId: string): Promise<(SaidMessage & { seq: number })[]> {
    const rows = await this.rows<{ id: string; text: string; seq: string }>(
      "select id, text, seq from messages where channel_id = $1 order by seq",
      [channelId],
    );
    return rows.map(({ id, text, seq }) => ({ id, text, seq: Number(seq) }));
  }
}

/** Equal for equal boards, whatever order their updates came in. */
function contents(doc: Y.Doc): Buffer {
  const vector = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([one], [other]) => one - other);
  const deleted = Y.snapshot(doc).ds.clients;
  const ranges = [...deleted].sort(([one], [other]) => one - other);
  return Buffer.from(JSON.stringify([vector, ranges]));
}
