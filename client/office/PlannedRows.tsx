import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PlannedImport } from "../../shared/community/http.ts";
import { Plate } from "../ui/Plate.tsx";
import styles from "./import.module.css";
import office from "./office.module.css";
import { useImportWords } from "./use-import-words.ts";
import { WideTable } from "./WideTable.tsx";

type Facts = PlannedImport["add"][number]["facts"];

const factsOf = {
  households: ["area", "contact"],
  items: ["title", "category", "quantity", "note"],
} as const satisfies Record<PlannedImport["kind"], readonly (keyof Facts)[]>;

/** Lists of at most this many rows are open from the start. */
const openUpTo = 30;

interface PlannedRowsProps {
  readonly plan: PlannedImport;
}

/** The rows that would be added and changed, and what was understood in a way worth knowing. */
export function PlannedRows({ plan }: PlannedRowsProps) {
  const { t } = useTranslation("office");
  const words = useImportWords();
  const { add, change, counts, kind, remarks } = plan;
  const facts = factsOf[kind];
  return (
    <>
      {change.length > 0 && (
        <Fold title={t("rows.change", { count: counts.change })} all={counts.change} listed={change.length}>
          <WideTable label={t("rows.change", { count: counts.change })}>
            <thead>
              <tr>
                <th scope="col">{t("bad.line")}</th>
                <th scope="col">{t("column.door")}</th>
                <th scope="col">{t("rows.what")}</th>
              </tr>
            </thead>
            <tbody>
              {change.map((row) => (
                <tr key={row.line}>
                  <th scope="row">{row.line}</th>
                  <td>
                    <Plate text={row.door} size="small" /> {row.title}
                  </td>
                  <td>
                    {(Object.keys(row.after) as (keyof Facts)[]).map((name) => (
                      <div key={name}>
                        {t("rows.from", {
                          column: words.column(name),
                          before: words.fact(name, row.before) || t("rows.nothing"),
                          after: words.fact(name, row.after),
                        })}
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </WideTable>
        </Fold>
      )}
      {add.length > 0 && (
        <Fold title={t("rows.add", { count: counts.add })} all={counts.add} listed={add.length}>
          <WideTable label={t("rows.add", { count: counts.add })}>
            <thead>
              <tr>
                <th scope="col">{t("column.door")}</th>
                {facts.map((name) => (
                  <th key={name} scope="col">
                    {words.column(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {add.map((row) => (
                <tr key={row.line}>
                  <td>
                    <Plate text={row.door} size="small" />
                  </td>
                  {facts.map((name) => (
                    <td key={name}>{words.fact(name, row.facts)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </WideTable>
        </Fold>
      )}
      {remarks.length > 0 && (
        <Fold
          title={t("rows.remarks", { count: counts.remarks })}
          all={counts.remarks}
          listed={remarks.length}
        >
          <ul className={styles.remarks}>
            {remarks.map(({ line, code, value }) => (
              <li key={`${line} ${code}`}>{t(`remark.${code}`, { line, value })}</li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}

interface FoldProps {
  readonly title: string;
  readonly all: number;
  readonly listed: number;
  readonly children: ReactNode;
}

function Fold({ title, all, listed, children }: FoldProps) {
  const { t } = useTranslation("office");
  return (
    <details className={styles.fold} open={all <= openUpTo}>
      <summary className={styles.summary}>{title}</summary>
      <div className={styles.folded}>{children}</div>
      {listed < all && <p className={office.soft}>{t("rows.first", { count: listed })}</p>}
    </details>
  );
}
