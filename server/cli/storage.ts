import { toConfig } from "../config/config.ts";
import { openStorageBeside } from "../storage/open.ts";
import type { Storage } from "../storage/storage.ts";
import type { Env } from "./command.ts";

/** Does something with the database the settings name, beside a server that may be running, and closes it. */
export async function withStorage<T>(env: Env, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await openStorageBeside(toConfig(env));
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
