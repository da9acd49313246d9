import { neutraliseText } from "../../shared/community/export-text.ts";
import type { ProposalView, Weight } from "../../shared/proposals/model.ts";
import { type Outcome, outcomeOf } from "../../shared/proposals/tally.ts";

/**
 * A revealed result as a spreadsheet: the same integers as on every screen, and the receipts of all ballots that
 * count, so that a household can look for its own. With a byte order mark, without which Excel misreads Chinese.
 */
export function resultCsv(view: ProposalView, receipts: readonly string[]): string {
  const { result } = view;
  if (!result) throw new Error("A result that is not revealed has no file.");
  const labels = new Map(view.options.map(({ id, label }) => [id, label]));
  const nameOf = (id: string) => labels.get(id) ?? id;
  const rows: (string | number)[][] = [
    ["提案", view.question],
    ["说明", view.body],
    ["轮次", view.round],
    ["开始", chinaTime(view.openedAt)],
    ["收票", chinaTime(view.closedAt)],
    ...(view.closeReason === null ? [] : [["提前收票的原因", view.closeReason]]),
    ["公布", chinaTime(view.revealedAt)],
    [],
    ["", "户数", "面积（平方米）"],
    ["名册", ...weight(result.register)],
    ["已投", ...weight(result.voted)],
    ...result.options.map((option) => [nameOf(option.optionId), ...weight(option)]),
    [],
    ["结果", outcomeText(outcomeOf(view.kind, result), nameOf)],
    [],
    ["计入的回执", ...receipts.slice(0, 1)],
    ...receipts.slice(1).map((receipt) => ["", receipt]),
  ];
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

const weight = ({ households, area }: Weight): [number, string] => [households, squareMetres(area)];

/** 0.01 m² as m² with two decimals, in integers. */
const squareMetres = (area: number): string =>
  `${Math.floor(area / 100)}.${String(area % 100).padStart(2, "0")}`;

function outcomeText(outcome: Outcome, nameOf: (id: string) => string): string {
  switch (outcome.kind) {
    case "passed":
      return "通过";
    case "not-passed":
      return "没有通过";
    case "chosen":
      return `选定：${nameOf(outcome.optionId)}`;
    case "tie":
      return `平票（${outcome.optionIds.map(nameOf).join("、")}），再商量`;
    case "nobody-chose":
      return "没有人作出选择";
  }
}

/** The yard's own time, whatever the server's zone: "2026-05-01 20:31:05". */
const clockOfChina = new Intl.DateTimeFormat("sv-SE", {
  dateStyle: "short",
  timeStyle: "medium",
  timeZone: "Asia/Shanghai",
});
const chinaTime = (at: number | null): string => (at === null ? "" : clockOfChina.format(at));

function cell(value: string | number): string {
  const text = typeof value === "number" ? String(value) : neutraliseText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
