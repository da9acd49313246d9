import { useTranslation } from "react-i18next";
import { linesOf, pagesOfNotice } from "../notice-pages.ts";
import type { WallState } from "../wall-state.ts";
import styles from "./scenes.module.css";

/** So much fits at the larger size. */
const large = { lines: 6, width: 18 };

interface NoticeSceneProps {
  readonly state: WallState;
  readonly boardId: string;
  readonly page: number;
}

/** What the stewards wrote for everybody, a page at a time. */
export function NoticeScene({ state, boardId, page }: NoticeSceneProps) {
  const { t } = useTranslation("kiosk");
  const notice = state.view?.notices.find((one) => one.boardId === boardId);
  const pages = notice ? pagesOfNotice(notice) : [];
  const text = pages[page] ?? pages[0] ?? "";
  return (
    <section className={styles.scene}>
      <header className={styles.head}>
        <h1 className={styles.title}>
          {notice?.building ? t("notice.building", { building: notice.building }) : t("notice.title")}
        </h1>
        {pages.length > 1 && (
          <p className={styles.aside}>{t("unit.page", { page: page + 1, pages: pages.length })}</p>
        )}
      </header>
      <p className={linesOf(text, large.width) <= large.lines ? styles.noticeShort : styles.notice}>{text}</p>
    </section>
  );
}
