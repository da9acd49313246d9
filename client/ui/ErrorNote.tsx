import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";
import styles from "./Notices.module.css";

interface ErrorNoteProps {
  /** What went wrong, in a sentence. */
  readonly title: string;
  /** What to do now. */
  readonly next: string;
  readonly onRetry?: () => void;
}

/** Something did not work: what, and what to do next. It keeps its place until it works. */
export function ErrorNote({ title, next, onRetry }: ErrorNoteProps) {
  const { t } = useTranslation("ui");
  return (
    <div className={styles.error} role="alert">
      <div>
        <p className={styles.errorTitle}>{title}</p>
        <p>{next}</p>
      </div>
      {onRetry && <Button onClick={onRetry}>{t("retry")}</Button>}
    </div>
  );
}
