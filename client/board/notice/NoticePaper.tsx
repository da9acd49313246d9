import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import type { OpenBoard } from "../board-pool.ts";
import { HistorySheet } from "../history/HistorySheet.tsx";
import { useNotice } from "../use-board.ts";
import { useWide } from "../use-wide.ts";
import { NoticeSheet } from "./NoticeSheet.tsx";
import { NoticeStrip } from "./NoticeStrip.tsx";
import styles from "./notice.module.css";

interface NoticePaperProps {
  readonly board: OpenBoard;
  readonly mayWrite: boolean;
}

/**
 * The notice pinned above everything else; when there is none, only those who may write one see a place for it. On a
 * phone it is folded to two lines, so that the things on the board stay in sight.
 */
export function NoticePaper({ board, mayWrite }: NoticePaperProps) {
  const { t } = useTranslation("board");
  const text = useNotice(board);
  const [open, setOpen] = useState<"write" | "history" | null>(null);
  const [folded, setFolded] = useState(true);
  const wide = useWide();
  if (text === "" && !mayWrite) return null;
  const shut = folded && !wide && text !== "";
  const close = () => setOpen(null);
  return (
    <section className={text === "" ? styles.none : styles.paper} aria-label={t("notice.title")}>
      {text !== "" &&
        (wide ? (
          <h2 className={styles.title}>{t("notice.title")}</h2>
        ) : (
          <NoticeStrip text={text} folded={folded} onTurn={() => setFolded(!folded)} />
        ))}
      {text !== "" && !shut && <p className={styles.text}>{text}</p>}
      {mayWrite && !shut && (
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
