import { openSqlite, openSqliteBeside } from "./sqlite.ts";
import type { Storage } from "./storage.ts";

export interface StorageConfig {
  databaseUrl: string | null;
  databaseConnections: number;
  dataDir: string;
}

/** Loaded only where it is used: an embedded node has no need of the driver. */
const postgres = () => import("./postgres.ts");

/** The database the configuration names. */
export async function openStorage(config: StorageConfig): Promise<Storage> {
  if (!config.databaseUrl) return openSqlite(config.dataDir);
  return (await postgres()).openPostgres(config.databaseUrl, config.databaseConnections);
}

/** The same database for a command that runs while the server does, and may take its time. */
export async function openStorageBeside(config: StorageConfig): Promise<Storage> {
  if (!config.databaseUrl) return openSqliteBeside(config.dataDir);
  const { openPostgres, unhurried } = await postgres();
  return openPostgres(config.databaseUrl, 2, unhurried);
}
