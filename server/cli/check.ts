import { StorageError, storageFault } from "../storage/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { checkBoards } from "./check/boards.ts";
import { checkFile } from "./check/file.ts";
import { checkSequences } from "./check/sequences.ts";
import { checkVotes } from "./check/votes.ts";
import { type Command, readArguments, say } from "./command.ts";
import { withStorage } from "./storage.ts";

export const checkCommand: Command = {
  usage: `yuanba check
Reads all data as it is at this moment, also while the server runs, and says what is not in order:
the database file, holes in what is numbered, boards that cannot be put together or differ from their rows,
households that count twice in a vote. Exit code 0: nothing found, 1: something found. It changes nothing.`,
  run: async (args, env) => {
    readArguments(args, {});
    const findings = await withStorage(env, findAll).catch((error: unknown) => {
      if (error instanceof StorageError && error.code === "not-a-database") return [error.message];
      throw error;
    });
    for (const finding of findings) say(finding);
    say(findings.length === 0 ? "Everything is in order." : `${findings.length} found.`);
    return findings.length === 0 ? 0 : 1;
  },
};

/** All findings of one moment: the server may go on writing meanwhile. */
async function findAll(storage: Storage): Promise<string[]> {
  const moment = storage.db.transaction();
  const still = storage.dialect === "postgres" ? moment.setIsolationLevel("repeatable read") : moment;
  try {
    return await still.execute(async (db) => [
      ...(storage.dialect === "sqlite" ? await checkFile(db) : []),
      ...(await checkSequences(db)),
      ...(await checkBoards(db)),
      ...(await checkVotes(db)),
    ]);
  } catch (error) {
    throw storageFault(error) ?? error;
  }
}
