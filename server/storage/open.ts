import { openPostgres } from "./postgres.ts";
import { openSqlite } from "./sqlite.ts";
import type { Storage } from "./storage.ts";

/** The database the configuration names. */
export const openStorage = (config: {
  databaseUrl: string | null;
  databaseConnections: number;
  dataDir: string;
}): Promise<Storage> =>
  config.databaseUrl
    ? openPostgres(config.databaseUrl, config.databaseConnections)
    : openSqlite(config.dataDir);
