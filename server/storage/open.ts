import { openSqlite, openSqliteBeside } from "./sqlite.ts";
import type { Storage } from "./storage.ts";

export interface StorageConfig {
  databaseUrl: string | null;
  databaseConnections: number;
  dataDir: string;
}

/** Loaded only where it is used: an embedded node has no need of the driver. */
const openPostgres = async (url: string, connections: number): Promise<Storage> =>
  (await import("./postgres.ts")).openPostgres(url, connections);

/** The database the configuration names. */
export const openStorage = (config: StorageConfig): Promise<Storage> =>
  config.databaseUrl
    ? openPostgres(config.databaseUrl, config.databaseConnections)
    : openSqlite(config.dataDir);

/** The same database for a command that runs while the server does. */
export const openStorageBeside = (config: StorageConfig): Promise<Storage> =>
  config.databaseUrl ? openPostgres(config.databaseUrl, 2) : openSqliteBeside(config.dataDir);
