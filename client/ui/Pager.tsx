import { useTranslation } from "react-i18next";
import { Button } from "./Button.tsx";
import styles from "./Pager.module.css";

interface PagerProps {
  readonly label: string;
  /** Counted from 1. */
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

/** Turns the pages of a list; one page needs no pager. */
export function Pager({ label, page, pages, onPage }: PagerProps) {
  const { t } = useTranslation("ui");
  if (pages <= 1) return null;
  return (
    <nav className={styles.pager} aria-label={label}>
      <Button icon="back" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {t("pager.previous")}
      </Button>
      <span className={styles.place} aria-live="polite">
        {t("pager.place", { page, pages })}
      </span>
      <Button icon="forward" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {t("pager.next")}
      </Button>
    </nav>
  );
}
