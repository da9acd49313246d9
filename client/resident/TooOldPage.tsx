import { useTranslation } from "react-i18next";
import styles from "../pages.module.css";
import { Button } from "../ui/Button.tsx";

/** The server has moved on; loading the page again brings the new one. */
export function TooOldPage() {
  const { t } = useTranslation("ui");
  return (
    <main className={styles.page} role="alert">
      <h1>{t("tooOld.title")}</h1>
      <p className={styles.text}>{t("tooOld.text")}</p>
      <Button kind="main" onClick={() => location.reload()}>
        {t("reload")}
      </Button>
    </main>
  );
}
