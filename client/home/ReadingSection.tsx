import { useTranslation } from "react-i18next";
import { usePreferences } from "../theme/use-preferences.ts";
import { LanguageChoice } from "../ui/LanguageChoice.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import styles from "./home.module.css";

/** How this device reads: the language, and larger text for older eyes. */
export function ReadingSection() {
  const { t } = useTranslation("home");
  const [{ size }, change] = usePreferences();
  return (
    <section className={styles.section}>
      <h2>{t("reading.title")}</h2>
      <SegmentedChoice
        label={t("reading.size")}
        value={size}
        choices={[
          { value: "normal", text: t("reading.normal") },
          { value: "elder", text: t("reading.elder") },
        ]}
        onChange={(chosen) => change({ size: chosen })}
      />
      <LanguageChoice />
    </section>
  );
}
