import pg from "pg";
import * as Y from "yjs";

/** A direct line to the database, past every node and every proxy. */
export interface Stored {
  rows<R extends object>(sql: string, values?: unknown[]): Promise<R[]>;
  /** The board as its log says, read by nothing of the server's; its numbers must be dense. */
  board(boardId: string): Promise<{ doc: Y.Doc; seqs: number[] }>;
  /** Titles that the history says were written more than once in one place. */
  writtenTwice(boardId: string): Promise<string[]>;
  /** Begins a transaction with this statement and leaves it open: what it locks stays locked. */
  hold(sql: string): Promise<{ release(): Promise<void> }>;
  close(): Promise<void>;
}

export function openStored(url: string): Stored {
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const rows: Stored["rows"] = async (sql, values = []) => (await pool.query(sql, values)).rows;
  return {
    rows,
    board: async (boardId) => {
      const log = await rows<{ seq: string; data: Buffer }>(
        "select seq, data from board_updates where board_id = $1 order by seq",
        [boardId],
      );
      const doc = new Y.Doc();
      for (const { data } of log) Y.applyUpdate(doc, data);
      return { doc, seqs: log.map(({ seq }) => Number(seq)) };
    },
    writtenTwice: async (boardId) => {
      const twice = await rows<{ cell: string; title: string }>(
        `select cell, after::json ->> 'title' as title from board_history where board_id = $1 and place = 'cell'
         group by cell, item_id, after::json ->> 'title' having count(*) > 1`,
        [boardId],
      );
      return twice.map(({ cell, title }) => `${cell}: ${title}`);
    },
    hold: async (sql) => {
      const client = await pool.connect();
      await client.query("begin");
      await client.query(sql);
      return {
        release: async () => {
          await client.query("rollback");
          client.release();
        },
      };
    },
    close: () => pool.end(),
  };
}

/** The numbers 1, 2, 3 … without a hole. */
export const dense = (seqs: number[]): number[] => seqs.map((_, at) => at + 1);
