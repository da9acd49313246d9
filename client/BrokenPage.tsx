import { useTranslation } from "react-i18next";
import styles from "./pages.module.css";
import { Button } from "./ui/Button.tsx";

interface BrokenPageProps {
  readonly error: Error;
}

/** Shown instead of a page that threw. */
export function BrokenPage({ error }: BrokenPageProps) {
  const { t } = useTranslation("ui");
  return (
    <main className={styles.page} role="alert">
      <h1>{t("broken.title")}</h1>
      <p className={styles.text}>{t("broken.text")}</p>
      <Button kind="main" onClick={() => location.reload()}>
        {t("reload")}
      </Button>
      <details className={styles.details}>
        <summary className={styles.summary}>{t("broken.details")}</summary>
        <code>{error.message}</code>
      </details>
    </main>
  );
}
