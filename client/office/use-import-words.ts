import { useTranslation } from "react-i18next";
import { itemCategories } from "../../shared/board/layout.ts";
import type { PlannedImport } from "../../shared/community/http.ts";
import type {
  BadRow,
  Column,
  FileRefusal,
  RowReason,
  TableRefusal,
} from "../../shared/community/import-plan-table.ts";
import { areaInMetres } from "../../shared/community/import-plan-values.ts";
import type { WireError } from "../../shared/wire/result.ts";

type Facts = PlannedImport["add"][number]["facts"];
type FileReason = FileRefusal["code"] | TableRefusal["code"] | "file-gone";

export interface ImportWords {
  /** What stands in the place of a row that is wrong, with the column where that is one. */
  readonly said: (row: BadRow) => string;
  /** What is wrong with a row. */
  readonly reason: (reason: RowReason) => string;
  /** What stopped a file, and what to do. */
  readonly problem: (error: WireError) => string;
  readonly column: (column: Column) => string;
  /** One fact of a household or an item, as a table shows it; "" for nothing. */
  readonly fact: (name: keyof Facts, facts: Facts) => string;
}

const megabyte = 1024 * 1024;

/** The sentences for what an import says by codes. */
export function useImportWords(): ImportWords {
  const { t } = useTranslation("office");
  const { t: tError } = useTranslation("errors");
  const { t: tUi } = useTranslation("ui");
  const column = (name: Column): string => t(`column.${name}`);

  const said = ({ reason: bad, value }: BadRow): string => {
    if (value === "") return t("bad.blank");
    const of = columnOf(bad);
    return of ? t("bad.value", { column: column(of), value }) : value;
  };

  const reason = (bad: RowReason): string => {
    switch (bad.code) {
      case "area-out-of-range": {
        const { least, most } = bad.params;
        return t("reason.area-out-of-range", { least: areaInMetres(least), most: areaInMetres(most) });
      }
      case "row-contradicts":
        return t("reason.row-contradicts", { line: bad.params.line, column: column(bad.params.column) });
      default:
        return t(`reason.${bad.code}`, "params" in bad ? bad.params : {});
    }
  };

  const problem = ({ code, params = {} }: WireError): string => {
    if (code === "too-large") return t("file.file-too-large", { most: 5 });
    if (code === "import-has-bad-rows") return t("badRows", { count: Number(params.count) });
    if (code !== "file-unreadable" || params.reason === undefined) return tError(code);
    const file = params.reason as FileReason;
    const most = Number(params.most ?? 0);
    if (file === "file-too-large") return t("file.file-too-large", { most: Math.round(most / megabyte) });
    if (file === "table-column-missing")
      return t("file.table-column-missing", { column: column(params.column as Column) });
    return t(`file.${file}`, { most, line: Number(params.line ?? 0), rows: Number(params.rows ?? 0) });
  };

  const fact = (name: keyof Facts, facts: Facts): string => {
    const value = facts[name];
    if (value === undefined || value === null) return "";
    if (name === "area") return t("metres", { area: areaInMetres(Number(value)) });
    const category = name === "category" && itemCategories.find((known) => known === value);
    return category ? tUi(`category.${category}`) : String(value);
  };
  return { said, reason, problem, column, fact };
}

const columns = ["area", "contact", "title", "note", "quantity"] as const;

/** The column a reason is about; a door says for itself what it is. */
function columnOf(bad: RowReason): Column | undefined {
  if (bad.code === "row-contradicts") return bad.params.column;
  return columns.find((name) => bad.code.startsWith(`${name}-`));
}
