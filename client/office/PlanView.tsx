import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlannedImport } from "../../shared/community/http.ts";
import type { BadRow } from "../../shared/community/import-plan-table.ts";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { BadRows } from "./BadRows.tsx";
import styles from "./import.module.css";
import office from "./office.module.css";
import { PlannedRows } from "./PlannedRows.tsx";
import { useImportWords } from "./use-import-words.ts";

interface PlanViewProps {
  readonly name: string;
  readonly plan: PlannedImport;
  readonly leftOut: readonly BadRow[];
  readonly work: "none" | "checking" | "importing";
  readonly onLeaveOut: (rows: readonly BadRow[]) => void;
  readonly onConfirm: (divide: boolean) => void;
  readonly onStartOver: () => void;
}

/** What an import would do, to be read before it is confirmed. */
export function PlanView({ name, plan, leftOut, work, onLeaveOut, onConfirm, onStartOver }: PlanViewProps) {
  const { t } = useTranslation("office");
  const words = useImportWords();
  const { counts, division, kind } = plan;
  const offered = division.advised && division.possible;
  const [boards, setBoards] = useState<"building" | "courtyard">("building");
  const divide = offered && boards === "building";
  const nothing = counts.add + counts.change === 0 && !divide;
  const figures = [
    { name: "add", text: t(`plan.add.${kind}`, { count: counts.add }) },
    { name: "change", text: t("plan.change", { count: counts.change }) },
    { name: "same", text: t("plan.same", { count: counts.same }) },
    { name: "bad", text: t("plan.bad", { count: counts.bad }) },
  ] as const;
  return (
    <div className={styles.plan}>
      <h3>{t("plan.title", { name })}</h3>
      <ul className={styles.figures}>
        {figures
          .filter(({ name: of }) => counts[of] > 0)
          .map((figure) => (
            <li key={figure.name} className={styles[figure.name]}>
              {figure.text}
            </li>
          ))}
      </ul>
      <p className={office.soft}>
        {t("plan.read", {
          line: plan.headerLine,
          columns: plan.columns
            .map(({ column, header }) => t("plan.column", { header, column: words.column(column) }))
            .join(t("plan.comma")),
        })}
        {plan.ignored.length > 0 && ` ${t("plan.ignored", { columns: plan.ignored.join(t("plan.comma")) })}`}
      </p>
      {offered && (
        <div className={styles.advice}>
          <p>{t("division.advice", { buildings: division.buildings, households: division.households })}</p>
          <SegmentedChoice
            label={t("division.label")}
            shape="stack"
            value={boards}
            choices={[
              { value: "building", text: t("division.building") },
              { value: "courtyard", text: t("division.courtyard") },
            ]}
            onChange={setBoards}
          />
        </div>
      )}
      {division.advised && !division.possible && (
        <p className={office.soft}>{t("division.tooLate", { buildings: division.buildings })}</p>
      )}
      <BadRows bad={plan.bad} leftOut={leftOut} busy={work === "importing"} onChange={onLeaveOut} />
      <PlannedRows plan={plan} />
      <div className={styles.foot}>
        {counts.bad > 0 && <p className={styles.stop}>{t("plan.stop", { count: counts.bad })}</p>}
        {counts.bad === 0 && nothing && <p>{t("plan.nothing")}</p>}
        <div className={office.row}>
          {!nothing && (
            <Button
              kind="main"
              disabled={counts.bad > 0}
              busy={work !== "none"}
              onClick={() => onConfirm(divide)}
            >
              {work === "importing" ? t("plan.importing") : t("plan.confirm")}
            </Button>
          )}
          <Button onClick={onStartOver}>{t("plan.other")}</Button>
        </div>
      </div>
    </div>
  );
}
