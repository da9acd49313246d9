import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportKind } from "../../shared/community/import-plan-table.ts";
import { useArea } from "../state/app.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { DownloadLink } from "./DownloadLink.tsx";
import { Import } from "./Import.tsx";
import styles from "./office.module.css";

const kinds: readonly ImportKind[] = ["households", "items"];
const formats = ["xlsx", "csv"] as const;

/** Tables in and out: what the office has in its spreadsheets comes in, and can be taken along. */
export function TablesPage() {
  const { t, i18n } = useTranslation("office");
  const places = useArea("community", (part) => part.places);
  const [kind, setKind] = useState<ImportKind>("households");
  if (!places) return null;
  const { courtyardId } = places;
  const language = i18n.language === "en" ? "en" : "zh-CN";
  return (
    <div className={styles.page}>
      <section className={styles.section}>
        <h2>{t("import.title")}</h2>
        <SegmentedChoice
          label={t("import.kind")}
          value={kind}
          choices={kinds.map((value) => ({ value, text: t(`kind.${value}`) }))}
          onChange={setKind}
        />
        <Import key={kind} courtyardId={courtyardId} kind={kind} />
      </section>
      <section className={styles.section}>
        <h2>{t("export.title")}</h2>
        <p className={styles.soft}>{t("export.text")}</p>
        {kinds.map((what) => (
          <div key={what} className={styles.row}>
            <h3 className={styles.rowName}>{t(`kind.${what}`)}</h3>
            {formats.map((format) => (
              <DownloadLink
                key={format}
                href={`/api/v1/courtyards/${courtyardId}/exports/${what}.${format}?language=${language}`}
                label={t("export.named", { kind: t(`kind.${what}`), format: t(`format.${format}`) })}
              >
                {t(`format.${format}`)}
              </DownloadLink>
            ))}
          </div>
        ))}
        <p className={styles.soft}>{t("export.contacts")}</p>
      </section>
    </div>
  );
}
