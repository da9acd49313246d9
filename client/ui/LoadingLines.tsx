import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Notices.module.css";

/** After this time the wait is owned up to, ms. */
const longWaitMs = 8_000;

interface LoadingLinesProps {
  /** What is awaited: "正在取院坝的板…" */
  readonly what: string;
}

/** Waiting, with a word for what is awaited, and an honest one when it takes long. */
export function LoadingLines({ what }: LoadingLinesProps) {
  const { t } = useTranslation("ui");
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), longWaitMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.loading}>
      <output>
        {what}
        {long && ` ${t("loading.long")}`}
      </output>
      <span className={styles.line} />
      <span className={styles.line} />
      <span className={styles.line} />
    </div>
  );
}
