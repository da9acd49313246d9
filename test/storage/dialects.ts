import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../server/storage/postgres.ts";
import { openSqlite } from "../../server/storage/sqlite.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { freshDatabase } from "../services/postgres.ts";

export interface OpenedStorage {
  storage: Storage;
  close(): Promise<void>;
}

/** Every repository's suite runs on both: a real file and a real PostgreSQL. */
export const dialects: { name: string; open(): Promise<OpenedStorage> }[] = [
  {
    name: "SQLite",
    open: async () => {
      const directory = await mkdtemp(join(tmpdir(), "yuanba-sqlite-"));
      const storage = await openSqlite(directory);
      return {
        storage,
        close: async () => {
          await storage.close();
          await rm(directory, { recursive: true });
        },
      };
    },
  },
  {
    name: "PostgreSQL",
    open: async () => {
      const database = await freshDatabase();
      const storage = await openPostgres(database.url, 8);
      return {
        storage,
        close: async () => {
          await storage.close();
          await database.drop();
        },
      };
    },
  },
];
