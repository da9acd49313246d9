import { useTranslation } from "react-i18next";
import styles from "./office.module.css";
import { type BuildingRow, totalOf } from "./set-up-steps.ts";
import { WideTable } from "./WideTable.tsx";

const counts = ["households", "slips", "joined", "listed"] as const;

interface BuildingsTableProps {
  readonly buildings: readonly BuildingRow[];
}

/** How far each building has come, in the order of the doors: counts of households, never who. */
export function BuildingsTable({ buildings }: BuildingsTableProps) {
  const { t } = useTranslation("office");
  return (
    <section className={styles.section}>
      <h2>{t("buildings.title")}</h2>
      <p className={styles.soft}>{t("buildings.text")}</p>
      <WideTable label={t("buildings.title")}>
        <thead>
          <tr>
            <th scope="col">{t("buildings.building")}</th>
            {counts.map((name) => (
              <th key={name} scope="col" className={styles.number}>
                {t(`buildings.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buildings.map((row) => (
            <tr key={row.buildingId}>
              <th scope="row">{t("buildings.name", { name: row.name })}</th>
              {counts.map((name) => (
                <td key={name} className={styles.number}>
                  {row[name]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {buildings.length > 1 && (
          <tfoot>
            <tr>
              <th scope="row">{t("buildings.total")}</th>
              {counts.map((name) => (
                <td key={name} className={styles.number}>
                  {totalOf(buildings, name)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </WideTable>
    </section>
  );
}
