import { useState } from "react";
import { useTranslation } from "react-i18next";
import { textLength } from "../../../shared/board/model.ts";
import { Button } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import type { OpenBoard } from "../board-pool.ts";
import { HistorySheet } from "../history/HistorySheet.tsx";
import { useNotice } from "../use-board.ts";
import { useWide } from "../use-wide.ts";
import { NoticeSheet } from "./NoticeSheet.tsx";
import styles from "./notice.module.css";

/** On a phone a longer notice is folded to two lines, so that the board below it stays in sight. */
const shownFolded = 40;

interface NoticePaperProps {
  readonly board: OpenBoard;
  readonly mayWrite: boolean;
}

/** The notice pinned above everything else; when there is none, only those who may write one see a place for it. */
export function NoticePaper({ board, mayWrite }: NoticePaperProps) {
  const { t } = useTranslation("board");
  const text = useNotice(board);
  const [open, setOpen] = useState<"write" | "history" | null>(null);
  const [folded, setFolded] = useState(true);
  const wide = useWide();
  if (text === "" && !mayWrite) return null;
  const long = !wide && (textLength(text) > shownFolded || text.split("\n").length > 2);
  const close = () => setOpen(null);
  return (
    <section className={text === "" ? styles.none : styles.paper} aria-label={t("notice.title")}>
      {text !== "" && (
        <>
          <h2 className={styles.title}>{t("notice.title")}</h2>
          <p className={classNames(styles.text, long && folded && styles.folded)}>{text}</p>
          {long && (
            <div className={styles.buttons}>
              <Button
                icon={folded ? "down" : "up"}
                aria-expanded={!folded}
                onClick={() => setFolded(!folded)}
              >
                {t(folded ? "notice.unfold" : "notice.fold")}
              </Button>
            </div>
          )}
        </>
      )}
      {mayWrite && (
        <div className={styles.buttons}>
          <Button icon="pencil" onClick={() => setOpen("write")}>
            {t(text === "" ? "notice.begin" : "notice.edit")}
          </Button>
          <Button icon="clock" onClick={() => setOpen("history")}>
            {t("history.link")}
          </Button>
        </div>
      )}
      {open === "write" && <NoticeSheet board={board} onClose={close} />}
      <HistorySheet open={open === "history"} board={board} of={{ place: "notice" }} onClose={close} />
    </section>
  );
}
