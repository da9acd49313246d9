import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ImportKind, TableRow } from "../../shared/community/import-plan-table.ts";
import { readLines } from "../../shared/community/line-list.ts";
import { createBoardStore } from "../board/board-store.ts";
import { systemClock } from "../clock.ts";
import { createTableFiles } from "../community/files/table-files.ts";
import { applyImport, type ImportRequest } from "../community/import.ts";
import { planImport } from "../community/import-plan.ts";
import { toConfig } from "../config/config.ts";
import { createEventLog } from "../events/log.ts";
import { openStorage } from "../storage/open.ts";
import type { Storage } from "../storage/storage.ts";
import { serverAccount } from "../sync/guard.ts";
import type { BoardWriter } from "../sync/ports.ts";
import { Rooms } from "../sync/rooms.ts";
import { type Command, type Env, given, readArguments, say, UsageError } from "./command.ts";
import { findCourtyard, knownCourtyard } from "./find-place.ts";
import { type BoardsAt, makeCourtyard, planFirst } from "./import-courtyard.ts";
import { sayPlan } from "./import-report.ts";

const boardPlaces: readonly BoardsAt[] = ["courtyard", "building"];

export const importCommand: Command = {
  usage: `yuanba import --courtyard <name|id> (--households <file> | --items <file>) [--dry-run]
Reads a CSV (UTF-8 or GB18030) or XLSX file into a courtyard; one that is not there yet is made from its households.
All or nothing, and the same file again changes nothing. On the embedded database the server must not run meanwhile:
import in the browser then.

  --households <file>  building, unit, door, and if known floor area and contact
  --items <file>       door, title, category, quantity, note
  --dry-run            only say what it would do
  --without 7,12-15    leave these lines of the file out
  --boards <place>     for a new courtyard: one board for the whole "courtyard" or one for each "building"
                       (usually by its size)`,
  run: async (args, env) => {
    const { values } = readArguments(args, {
      courtyard: { type: "string" },
      households: { type: "string" },
      items: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      without: { type: "string", default: "" },
      boards: { type: "string" },
    });
    const name = given(values.courtyard, "--courtyard");
    if (values.households && values.items)
      throw new UsageError("Import households and items one after the other.");
    const kind: ImportKind = values.items ? "items" : "households";
    const file = given(values.items ?? values.households, "--households or --items");
    const without = readLines(values.without);
    if (!without) throw new UsageError(`"${values.without}" are not line numbers, as in 7,12-15.`);
    const boards = boardPlaces.find((place) => place === values.boards);
    if (values.boards !== undefined && !boards)
      throw new UsageError('--boards is "courtyard" or "building".');
    const rows = await readTable(file);
    return withOwnStorage(env, (storage) =>
      importTable(storage, { name, kind, rows, without, boards, dryRun: values["dry-run"] }),
    );
  },
};

interface Wanted {
  name: string;
  kind: ImportKind;
  rows: readonly TableRow[];
  without: ReadonlySet<number>;
  boards: BoardsAt | undefined;
  dryRun: boolean;
}

async function readTable(file: string): Promise<TableRow[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`);
  const files = createTableFiles();
  try {
    const decoded = await files.read(readFileSync(path));
    if (decoded.ok) return decoded.rows;
    throw new UsageError(`${path} cannot be read: ${decoded.refusal.code.replaceAll("-", " ")}.`);
  } finally {
    await files.close();
  }
}

/** An import edits boards, so it must be the only one who does. */
async function withOwnStorage(env: Env, work: (storage: Storage) => Promise<number>): Promise<number> {
  const storage = await openStorage(toConfig(env));
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** @returns 0 when done or doable, 1 when rows are in the way */
async function importTable(storage: Storage, wanted: Wanted): Promise<number> {
  const { kind, rows, without, dryRun } = wanted;
  const { plan, courtyard } = await planTable(storage, wanted);
  sayPlan(kind, plan);
  if (plan.bad.length > 0) return 1;
  if (dryRun) {
    say("Dry run: nothing was changed.");
    return 0;
  }
  const { id: courtyardId, name, communityId } = await courtyard();
  const by = await authorOf(storage, communityId);
  const request = { communityId, courtyardId, rows, without, by };
  const { added, changed, same } = await carryOut(storage, kind, request);
  say(`Done: ${added} added, ${changed} changed, ${same} as before. Courtyard ${name} (${courtyardId}).`);
  return 0;
}

/** What there is to do, and the courtyard to do it in, which is made only when it is needed. */
async function planTable(storage: Storage, { name, kind, rows, without, boards }: Wanted) {
  // Items need households, so their courtyard must be there.
  const there = await (kind === "items" ? knownCourtyard : findCourtyard)(storage.db, name);
  if (there) {
    const { plan } = await planImport(storage.db, kind, { courtyardId: there.id, rows, without });
    return { plan, courtyard: async () => there };
  }
  const plan = planFirst(rows, without);
  return { plan, courtyard: () => makeCourtyard(storage, name, boards, plan.add) };
}

/** Imports are the office's: they are attributed to the first officer, or to the server before there is one. */
async function authorOf(storage: Storage, communityId: string): Promise<BoardWriter> {
  const officer = await storage.db
    .selectFrom("residents")
    .innerJoin("role_grants", "role_grants.resident_id", "residents.id")
    .select(["residents.id", "display_name"])
    .where("residents.community_id", "=", communityId)
    .where("role", "=", "officer")
    .where("ended_at", "is", null)
    .where("status", "!=", "removed")
    .orderBy("role_grants.created_at")
    .executeTakeFirst();
  return {
    residentId: officer?.id ?? serverAccount,
    displayName: officer?.display_name ?? "",
    householdId: null,
    door: null,
  };
}

async function carryOut(storage: Storage, kind: ImportKind, request: ImportRequest) {
  const clock = systemClock;
  // Nobody is connected here; servers that share this database read the log.
  const log = createEventLog({ storage, clock, publish: () => {} });
  const rooms = new Rooms({ store: createBoardStore({ storage, clock }) });
  try {
    return await applyImport({ storage, log, rooms }, kind, request);
  } finally {
    await rooms.drain({ slices: 1, deadline: 10_000 });
  }
}
