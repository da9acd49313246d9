import { useTranslation } from "react-i18next";
import styles from "./page.module.css";
import { useTypists } from "./use-here.ts";

interface TypingLineProps {
  readonly channelId: string;
}

/** "3 栋有邻居正在写…"; its place is kept, so that nothing moves when it comes and goes. */
export function TypingLine({ channelId }: TypingLineProps) {
  const { t } = useTranslation("chat");
  const [one, ...others] = useTypists(channelId);
  const text = () => {
    if (!one) return "";
    if (others.length > 0) return t("typingSeveral");
    return one.building === null ? t("typingNobody") : t("typing", { building: one.building });
  };
  return (
    <p className={styles.typing} aria-live="off">
      {text()}
    </p>
  );
}
