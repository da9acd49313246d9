import { toConfig } from "../config/config.ts";
import { openStorage } from "../storage/open.ts";
import { type Command, readArguments, say } from "./command.ts";

export const migrateCommand: Command = {
  usage: `yuanba migrate
Brings the tables up to this program's version, and makes them when there are none. \`serve\` does the same when it
starts; on its own it is for several nodes, before the first of them is replaced.`,
  run: async (args, env) => {
    readArguments(args, {});
    const config = toConfig(env);
    const storage = await openStorage(config);
    await storage.close();
    say(`The tables are up to date (${config.databaseUrl ? "PostgreSQL" : config.dataDir}).`);
    return 0;
  },
};
