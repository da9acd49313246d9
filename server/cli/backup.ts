import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toConfig } from "../config/config.ts";
import { StorageError } from "../storage/errors.ts";
import { databaseFile } from "../storage/sqlite.ts";
import { type Command, given, readArguments, say, UsageError } from "./command.ts";

export const backupCommand: Command = {
  usage: `yuanba backup <file>
Writes everything into one file, while the server runs; \`yuanba restore <file>\` makes a server of it again.
The file must not exist yet. It holds all that people wrote and the hashes of their sessions: keep it safe.
With DATABASE_URL set, PostgreSQL's own pg_dump makes the backup.`,
  run: async (args, env) => {
    const { positionals } = readArguments(args, {}, 1);
    const file = resolve(given(positionals[0], "The file to write"));
    const config = toConfig(env);
    if (config.databaseUrl) {
      throw new UsageError(
        'The data is in PostgreSQL. Back it up with its own tool: pg_dump --format=custom --file=yuanba.dump "$DATABASE_URL"',
      );
    }
    const source = databaseFile(config.dataDir);
    if (!existsSync(source)) {
      throw new StorageError("no-database", `DATA_DIR ${config.dataDir} holds no database yet.`);
    }
    if (existsSync(file)) throw new UsageError(`${file} exists already; a backup overwrites nothing.`);
    writeBackup(source, file);
    say(`Backed up to ${file}.`);
    return 0;
  },
};

/** Copies what is committed at this moment; the file appears under its name only when it is whole and on disk. */
function writeBackup(source: string, file: string): void {
  const unfinished = `${file}.part`;
  rmSync(unfinished, { force: true });
  try {
    const database = new DatabaseSync(source, { readOnly: true });
    try {
      database.exec("pragma busy_timeout = 5000");
      database.prepare("vacuum into ?").run(unfinished);
    } finally {
      database.close();
    }
    const written = openSync(unfinished, "r+");
    fsyncSync(written);
    closeSync(written);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
