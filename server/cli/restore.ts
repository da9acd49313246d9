import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toConfig } from "../config/config.ts";
import { StorageError } from "../storage/errors.ts";
import { databaseFile, takeOwnership } from "../storage/sqlite.ts";
import { type Command, given, readArguments, say, UsageError } from "./command.ts";

export const restoreCommand: Command = {
  usage: `yuanba restore <file>
Puts a backup into DATA_DIR, which must not hold a database. Then start the server as usual.
With DATABASE_URL set, PostgreSQL's own pg_restore does it.`,
  run: async (args, env) => {
    const { positionals } = readArguments(args, {}, 1);
    const file = resolve(given(positionals[0], "The file to restore"));
    const { databaseUrl, dataDir } = toConfig(env);
    if (databaseUrl) {
      throw new UsageError(
        'The data is in PostgreSQL. Restore it with its own tool: pg_restore --dbname="$DATABASE_URL" yuanba.dump',
      );
    }
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
    demandWhole(file);
    mkdirSync(dataDir, { recursive: true });
    // No server may begin an empty database here meanwhile.
    const owner = takeOwnership(dataDir);
    try {
      putInPlace(file, databaseFile(dataDir), dataDir);
    } finally {
      owner.close();
    }
    say(`Restored ${file} into ${dataDir}.`);
    return 0;
  },
};

/** @throws StorageError for a file that is not a whole backup */
function demandWhole(file: string): void {
  const refuse = (cause?: unknown) =>
    new StorageError("not-a-database", `${file} is not a whole backup of Yuanba.`, cause);
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [row] = database.prepare("pragma integrity_check").all();
    if (row?.integrity_check !== "ok") throw refuse();
    database.prepare("select name from kysely_migration").all();
    database.prepare("select id from communities").all();
  } catch (error) {
    throw error instanceof StorageError ? error : refuse(error);
  } finally {
    database.close();
  }
}

function putInPlace(file: string, target: string, dataDir: string): void {
  if (existsSync(target)) throw new UsageError(`${dataDir} holds a database already; nothing was changed.`);
  const unfinished = `${target}.part`;
  try {
    copyFileSync(file, unfinished);
    const written = openSync(unfinished, "r+");
    fsyncSync(written);
    closeSync(written);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
