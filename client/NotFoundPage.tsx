import { useTranslation } from "react-i18next";
import styles from "./pages.module.css";
import { ButtonLink } from "./ui/Button.tsx";
import { Plate } from "./ui/Plate.tsx";

/** A door number that does not exist. */
export function NotFoundPage() {
  const { t } = useTranslation("ui");
  return (
    <main className={styles.page}>
      <Plate text={t("resident.name")} size="large" />
      <h1>{t("notFound.title")}</h1>
      <p className={styles.text}>{t("notFound.text")}</p>
      <ButtonLink kind="main" href="/">
        {t("notFound.home")}
      </ButtonLink>
    </main>
  );
}
