import type { Response } from "express";
import { z } from "zod";
import {
  householdsTable,
  itemsTable,
  type Table,
  type TableLanguage,
  templateTable,
} from "../../shared/community/export.ts";
import { importResult } from "../../shared/community/http.ts";
import type { FileRefusal, ImportKind } from "../../shared/community/import-plan-table.ts";
import { readLines } from "../../shared/community/line-list.ts";
import type { Actor, PersonActor } from "../../shared/identity/model.ts";
import { defineRoute, type Route } from "../http/route.ts";
import type { Session } from "../identity/sessions.ts";
import { Refusal } from "../refusal.ts";
import type { TableFiles } from "./files/table-files.ts";
import { applyImport, type ImportDeps } from "./import.ts";
import { divisionOf, planImport } from "./import-plan.ts";
import { demand } from "./policy.ts";
import { presentPlan } from "./present.ts";
import { type CourtyardFacts, courtyardFacts, readCells, readHouseholds } from "./reading.ts";

export interface CommunityRouteDeps extends ImportDeps {
  files: Pick<TableFiles, "read" | "write">;
}

const kind = z.enum(["households", "items"]);
const format = z.enum(["csv", "xlsx"]);
const language = z.enum(["zh-CN", "en"]);

/** The officer's tables: import with a dry run, export, and templates to fill in. */
export function createCommunityRoutes(deps: CommunityRouteDeps): Route[] {
  const { files, storage } = deps;

  /** @throws Refusal `not-found` unless it is a courtyard of the actor's community; `not-allowed` */
  const officersCourtyard = async (actor: Actor, id = ""): Promise<CourtyardFacts> => {
    const courtyard = await courtyardFacts(storage.db, id);
    if (courtyard?.community_id !== actor.communityId)
      throw new Refusal("not-found", "There is no such courtyard.");
    demand(actor, "import and export", courtyard.id);
    return courtyard;
  };

  const tableOf = async (what: ImportKind, courtyardId: string, into: TableLanguage): Promise<Table> =>
    what === "households"
      ? householdsTable(await readHouseholds(storage.db, courtyardId), into)
      : itemsTable(await readCells(storage.db, courtyardId), into);

  const sendTable = async (response: Response, table: Table, as: string, name: string): Promise<void> => {
    const { bytes, contentType, extension } = await files.write(table, chosen(format, as, "csv"));
    const encoded = encodeURIComponent(`${name}${extension}`);
    response
      .set("Content-Type", contentType)
      .set("Content-Disposition", `attachment; filename="table${extension}"; filename*=UTF-8''${encoded}`)
      .send(bytes);
  };

  return [
    defineRoute(
      {
        method: "post",
        path: "/courtyards/:id/imports/:kind",
        summary:
          "Imports a CSV or XLSX file of households or items, all or nothing; importing it again changes nothing. `?dryRun=1` tells what would happen and gives a fingerprint; `?seen=<fingerprint>` imports only if just that would still happen. `&without=3,7-9` leaves lines out, `&divide=1` first gives each building a board of its own.",
        access: "session",
        may: (session, params) => officersCourtyard(personOf(session), params.id),
        body: "bytes",
        result: importResult,
      },
      async ({ body, params, query, session }) => {
        const actor = personOf(session);
        const courtyard = await officersCourtyard(actor, params.id);
        const what = chosen(kind, params.kind);
        const without = readLines(query.without ?? "");
        if (!without) throw new Refusal("invalid-input", "without: 3,7-9", { field: "without" });
        const decoded = await files.read(body);
        if (!decoded.ok) throw fileRefused(decoded.refusal);
        const table = { courtyardId: courtyard.id, rows: decoded.rows, without };
        if (query.dryRun === "1") {
          const planned = await planImport(storage.db, what, table);
          const division = await divisionOf(storage.db, courtyard.id, planned);
          return presentPlan(planned, decoded.source, division);
        }
        const { residentId, displayName, household, communityId } = actor;
        const by = {
          residentId,
          displayName,
          householdId: household?.householdId ?? null,
          door: household?.door ?? null,
        };
        const { divide, seen } = query;
        const request = { ...table, communityId, by, divide: divide === "1", seen };
        const outcome = await applyImport(deps, what, request);
        return { state: "applied" as const, ...outcome };
      },
    ),
    defineRoute(
      {
        method: "get",
        path: "/courtyards/:id/exports/:kind.:format",
        summary:
          "A courtyard's households (with contacts) or items, with the columns the import reads. `?language=en` for English headers.",
        access: "session",
        body: null,
        result: null,
      },
      async ({ params, query, session, response }) => {
        const courtyard = await officersCourtyard(personOf(session), params.id);
        const into = chosen(language, query.language, "zh-CN");
        const table = await tableOf(chosen(kind, params.kind), courtyard.id, into);
        await sendTable(response, table, params.format ?? "", `${courtyard.name} ${table.name}`);
      },
    ),
    defineRoute(
      {
        method: "get",
        path: "/templates/:kind.:format",
        summary: "An empty table to fill in, with two examples that an import leaves out.",
        access: "session",
        body: null,
        result: null,
      },
      async ({ params, query, response }) => {
        const table = templateTable(chosen(kind, params.kind), chosen(language, query.language, "zh-CN"));
        await sendTable(response, table, params.format ?? "", table.name);
      },
    ),
  ];
}

function personOf(session: Session | null): PersonActor {
  if (session?.actor.kind === "person") return session.actor;
  throw new Refusal("not-allowed", "A screen has no tables.");
}

/** One of a few words of an address. @throws Refusal `not-found` */
function chosen<T extends z.ZodType>(
  words: T,
  word: string | undefined,
  otherwise?: z.output<T>,
): z.output<T> {
  if ((word === undefined || word === "") && otherwise !== undefined) return otherwise;
  const read = words.safeParse(word);
  if (!read.success) throw new Refusal("not-found", "There is nothing at this address.");
  return read.data;
}

const fileRefused = (refusal: FileRefusal): Refusal =>
  new Refusal("file-unreadable", `The file cannot be read: ${refusal.code}.`, {
    reason: refusal.code,
    ...("params" in refusal ? refusal.params : {}),
  });
