import { useTranslation } from "react-i18next";
import { changeLanguage, type Language } from "../i18n.ts";
import { usePreferences } from "../theme/use-preferences.ts";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import styles from "./home.module.css";

/** How this device reads: the language, and larger text for older eyes. */
export function ReadingSection() {
  const { t, i18n } = useTranslation("home");
  const [{ size }, change] = usePreferences();
  const language: Language = i18n.language === "en" ? "en" : "zh-CN";
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
      <SegmentedChoice<Language>
        label={t("reading.language")}
        value={language}
        choices={[
          { value: "zh-CN", text: "中文" },
          { value: "en", text: "English" },
        ]}
        onChange={(chosen) => void changeLanguage(chosen)}
      />
    </section>
  );
}
