import { useTranslation } from "react-i18next";
import { useAnswer } from "../home/use-answer.ts";
import { useArea } from "../state/app.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { BuildingsTable } from "./BuildingsTable.tsx";
import styles from "./office.module.css";
import { SetUpPath } from "./SetUpPath.tsx";

/** How far the courtyard has come: the steps of setting it up, then a row for each building. */
export function OverviewPage() {
  const { t } = useTranslation("office");
  const { t: tError } = useTranslation("errors");
  const places = useArea("community", (part) => part.places);
  const asOf = useArea("identity", (me) => me.asOf.residents);
  const courtyardId = places?.courtyardId;
  // Counts change with people and with places; a sum moves when either does.
  const table = useAnswer("buildings.table", courtyardId ? {} : null, asOf + (places?.version ?? 0));
  const kiosks = useAnswer("kiosk.list", courtyardId ? { courtyardId } : null, 0);
  const failed = table.error ?? kiosks.error;
  if (!places) return null;
  if (!table.value || !kiosks.value) {
    return failed ? (
      <ErrorNote
        title={t("overview.failed")}
        next={tError(failed.code)}
        onRetry={() => {
          table.again();
          kiosks.again();
        }}
      />
    ) : (
      <LoadingLines what={t("loading")} />
    );
  }
  const { buildings } = table.value;
  return (
    <div className={styles.page}>
      <SetUpPath courtyard={places.name} buildings={buildings} screens={kiosks.value.kiosks} />
      {buildings.length > 0 && <BuildingsTable buildings={buildings} />}
    </div>
  );
}
