import { useTranslation } from "react-i18next";
import pages from "../pages.module.css";
import { ButtonLink } from "../ui/Button.tsx";
import { LanguageChoice } from "../ui/LanguageChoice.tsx";
import { Plate } from "../ui/Plate.tsx";
import styles from "./LandingPage.module.css";

/** For someone the server does not know: what this is, and how to get in. */
export function LandingPage() {
  const { t } = useTranslation("ui");
  return (
    <main className={pages.page}>
      <Plate text={t("resident.name")} size="large" />
      <h1>{t("landing.title")}</h1>
      <p className={pages.text}>{t("landing.what")}</p>
      <ol className={styles.ways}>
        <li>{t("landing.slip")}</li>
        <li>{t("landing.noSlip")}</li>
      </ol>
      <ButtonLink kind="main" href="/j">
        {t("landing.code")}
      </ButtonLink>
      <p className={pages.text}>{t("landing.staff")}</p>
      <LanguageChoice labelHidden />
    </main>
  );
}
