import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./notice.module.css";

interface NoticeStripProps {
  readonly text: string;
  readonly folded: boolean;
  readonly onTurn: () => void;
}

/** Folded, the beginning of the notice, which unfolds where it is pressed; unfolded, its title and the way back. */
export function NoticeStrip({ text, folded, onTurn }: NoticeStripProps) {
  const { t } = useTranslation("board");
  return (
    <button type="button" className={styles.strip} aria-expanded={!folded} onClick={onTurn}>
      <span className={styles.beginning}>
        <strong className={styles.title}>{t("notice.title")}</strong> {folded && text}
      </span>
      <span className={styles.turn}>
        <span className={folded ? "only-heard" : undefined}>
          {t(folded ? "notice.unfold" : "notice.fold")}
        </span>
        <Icon name={folded ? "down" : "up"} />
      </span>
    </button>
  );
}
