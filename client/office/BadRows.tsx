import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BadRow } from "../../shared/community/import-plan-table.ts";
import { Button } from "../ui/Button.tsx";
import { Pager } from "../ui/Pager.tsx";
import { Plate } from "../ui/Plate.tsx";
import styles from "./import.module.css";
import office from "./office.module.css";
import { useImportWords } from "./use-import-words.ts";

/** How many bad rows stand on a page. */
const onPage = 50;

interface BadRowsProps {
  readonly bad: readonly BadRow[];
  readonly leftOut: readonly BadRow[];
  readonly busy: boolean;
  readonly onChange: (leftOut: readonly BadRow[]) => void;
}

/** The rows that cannot be taken, each with its line and why; a tick leaves a row out. */
export function BadRows({ bad, leftOut, busy, onChange }: BadRowsProps) {
  const { t } = useTranslation("office");
  const words = useImportWords();
  const titleId = useId();
  const [wanted, setPage] = useState(1);
  const out = new Set(leftOut.map(({ line }) => line));
  const rows = [...leftOut, ...bad].sort((left, right) => left.line - right.line);
  if (rows.length === 0) return null;
  const pages = Math.ceil(rows.length / onPage);
  const page = Math.min(wanted, pages);
  const toggle = (row: BadRow, leave: boolean) =>
    onChange(leave ? [...leftOut, row] : leftOut.filter(({ line }) => line !== row.line));
  return (
    <section className={office.section} aria-labelledby={titleId}>
      <h3 id={titleId}>{t("bad.title", { count: rows.length })}</h3>
      <p className={office.soft}>{t("bad.text")}</p>
      <table className={office.table}>
        <thead>
          <tr>
            <th scope="col">{t("bad.line")}</th>
            <th scope="col">{t("bad.why")}</th>
            <th scope="col">{t("bad.leave")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice((page - 1) * onPage, page * onPage).map((row) => (
            <tr key={row.line} className={out.has(row.line) ? styles.out : undefined}>
              <th scope="row">{row.line}</th>
              <td>
                <p className={styles.value}>
                  {row.door && <Plate text={row.door} size="small" />} {words.said(row)}
                </p>
                <p>{words.reason(row.reason)}</p>
              </td>
              <td className={styles.tick}>
                <label>
                  <span className="only-heard">{t("bad.leaveNamed", { line: row.line })}</span>
                  <input
                    type="checkbox"
                    checked={out.has(row.line)}
                    disabled={busy}
                    onChange={(event) => toggle(row, event.target.checked)}
                  />
                </label>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pager label={t("bad.pages")} page={page} pages={pages} onPage={setPage} />
      {bad.length > 0 && (
        <div>
          <Button disabled={busy} onClick={() => onChange(rows)}>
            {t("bad.leaveAll", { count: bad.length })}
          </Button>
        </div>
      )}
    </section>
  );
}
