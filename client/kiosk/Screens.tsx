import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnswer } from "../home/use-answer.ts";
import { useArea } from "../state/app.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { HungScreen } from "./HungScreen.tsx";
import { PairForm } from "./PairForm.tsx";
import styles from "./screens.module.css";

/** The screens of a courtyard, and a new one. Needs the page's connection around it. */
export function Screens() {
  const { t } = useTranslation("kiosk");
  const { t: tError } = useTranslation("errors");
  const courtyards = useArea("community", (part) => part.courtyards);
  const here = useArea("community", (part) => part.places?.courtyardId);
  const [courtyardId, setCourtyardId] = useState(here ?? courtyards[0]?.id ?? "");
  const [changes, setChanges] = useState(0);
  const changed = () => setChanges((count) => count + 1);
  const answer = useAnswer("kiosk.list", courtyardId === "" ? null : { courtyardId }, changes);
  const kiosks = answer.value?.kiosks ?? [];
  return (
    <>
      <p>{t("screens.how", { address: `${location.origin}/kiosk` })}</p>
      <PairForm courtyardId={courtyardId} onCourtyard={setCourtyardId} onPaired={changed} />
      <section className={styles.section} aria-label={t("screens.list")}>
        <h2>{t("screens.list")}</h2>
        {answer.error ? (
          <ErrorNote title={tError(answer.error.code)} next={t("screens.title")} onRetry={answer.again} />
        ) : answer.value === undefined ? (
          <LoadingLines what={t("screens.list")} />
        ) : kiosks.length === 0 ? (
          <p className={styles.soft}>{t("screens.none")}</p>
        ) : (
          <ul className={styles.list}>
            {kiosks.map((kiosk) => (
              <HungScreen key={kiosk.kioskId} kiosk={kiosk} onRemoved={changed} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
