import type { HouseholdPlan } from "../../shared/community/import-plan-households.ts";
import type { ItemPlan } from "../../shared/community/import-plan-items.ts";
import type { ImportKind } from "../../shared/community/import-plan-table.ts";
import { say } from "./command.ts";

const inWords = (code: string): string => code.replaceAll("-", " ");

/** Says what an import would do: how the columns were understood, the counts, and each row with its trouble. */
export function sayPlan(kind: ImportKind, plan: HouseholdPlan | ItemPlan): void {
  const { recognised, add, change, same, bad, remarks } = plan;
  const columns = Object.entries(recognised.columns).map(([column, { header }]) => `${header} → ${column}`);
  say(`Columns: ${columns.join(", ")}`);
  if (recognised.ignored.length > 0) say(`Not used: ${recognised.ignored.join(", ")}`);
  say(
    `${kind}: ${add.length} to add, ${change.length} to change, ${same.length} as before, ${bad.length} bad`,
  );
  for (const { line, code, value } of remarks) say(`line ${line}: ${inWords(code)}: ${value}`);
  for (const { line, reason, value } of bad) {
    const params = "params" in reason ? ` (${Object.values(reason.params).map(String).join(", ")})` : "";
    say(`line ${line}: ${inWords(reason.code)}${params}: ${value}`);
  }
  if (bad.length > 0) {
    say("Nothing was changed: mend these lines in the file, or leave them out with --without.");
  }
}
