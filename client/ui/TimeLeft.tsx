import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "./class-names.ts";
import styles from "./TimeLeft.module.css";
import { clockText, splitTimeLeft } from "./time-left.ts";

interface TimeLeftProps {
  /** When it ends, ms of the server's clock. */
  readonly until: number;
  /** The server's time as this device knows it, ms: the phone's own clock may be wrong (INV-12). */
  readonly now: () => number;
}

/** How long is left, counting down; the server alone decides when it is over. */
export function TimeLeft({ until, now }: TimeLeftProps) {
  const { t } = useTranslation("ui");
  const [left, setLeft] = useState(() => until - now());
  useEffect(() => {
    const look = () => setLeft(until - now());
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [until, now]);

  const parts = splitTimeLeft(left);
  if (parts.phase === "over") return <span className={styles.over}>{t("timeLeft.over")}</span>;
  const text =
    parts.phase === "long"
      ? t("timeLeft.days", { count: parts.days, hours: parts.hours })
      : t("timeLeft.clock", { clock: clockText(parts) });
  return (
    <span role="timer" className={classNames(styles.left, parts.phase === "last" && styles.last)}>
      {text}
    </span>
  );
}
