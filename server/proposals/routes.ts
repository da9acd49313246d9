import { defineRoute, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import { may } from "./policy.ts";
import { presentProposals } from "./present.ts";
import { countedReceipts } from "./repository.ts";
import { resultCsv } from "./result-csv.ts";

/** The files of proposals: owners may inspect what was decided (Civil Code, interpretation 13). */
export function createProposalRoutes(deps: { storage: Pick<Storage, "db"> }): Route[] {
  const { db } = deps.storage;
  return [
    defineRoute(
      {
        method: "get",
        path: "/proposals/:id/result.csv",
        summary: "The result of a vote as a spreadsheet, once it is revealed.",
        access: "session",
        body: null,
        result: null,
      },
      async ({ params, session, response }) => {
        const row = await db
          .selectFrom("proposals")
          .selectAll()
          .where("id", "=", params.id ?? "")
          .executeTakeFirst();
        const seen = row && session && may(session.actor, "see", row.courtyard_id);
        if (!row || !seen || row.state === "draft" || row.state === "withdrawn") {
          throw new Refusal("not-found", "There is no such vote here.");
        }
        const [view] = await presentProposals(db, [row]);
        if (!view?.result) throw new Refusal("proposal-not-revealed", "The result is not revealed yet.");
        const file = resultCsv(view, await countedReceipts(db, row.id, row.round));
        const name = encodeURIComponent(`${view.question}.csv`);
        response
          .type("text/csv; charset=utf-8")
          .set("Content-Disposition", `attachment; filename="result.csv"; filename*=UTF-8''${name}`)
          .send(file);
      },
    ),
  ];
}
