import { useState } from "react";
import { useTranslation } from "react-i18next";
import { boardLimits } from "../../../shared/board/limits.ts";
import { editNotice } from "../../../shared/board/list-rules.ts";
import type { BoardRefusal } from "../../../shared/board/rules.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { TextArea } from "../../ui/TextArea.tsx";
import { useToast } from "../../ui/toast-context.ts";
import type { OpenBoard } from "../board-pool.ts";
import { useNotice, useShowWriting } from "../use-board.ts";
import styles from "./notice.module.css";

interface NoticeSheetProps {
  readonly board: OpenBoard;
  readonly onClose: () => void;
}

/** The notice while it is written. If somebody else changes it meanwhile, that is shown before it is replaced. */
export function NoticeSheet({ board, onClose }: NoticeSheetProps) {
  const { t } = useTranslation("board");
  const toast = useToast();
  const there = useNotice(board);
  const [base, setBase] = useState(there);
  const [text, setText] = useState(there);
  const [refusal, setRefusal] = useState<BoardRefusal | null>(null);
  const overtaken = there !== base;
  useShowWriting(board, "notice", true);

  const save = () => {
    if (overtaken) {
      // Seen now; pressing again means it.
      setBase(there);
      return;
    }
    const refused = board.connection.edit((doc, origin) => editNotice(doc, text, origin));
    setRefusal(refused);
    if (refused !== null) return;
    toast({ text: t(text.trim() === "" ? "notice.wasTakenDown" : "notice.wasPut") });
    onClose();
  };
  return (
    <Sheet
      open
      title={t("notice.title")}
      onClose={onClose}
      foot={
        <Button kind="main" onClick={save}>
          {t(overtaken ? "notice.replace" : "notice.put")}
        </Button>
      }
    >
      <div className={styles.sheet}>
        {overtaken && (
          <div role="alert">
            <p>{t("notice.overtaken")}</p>
            <p className={styles.other}>{there === "" ? t("history.nothing") : there}</p>
          </div>
        )}
        <TextArea
          label={t("notice.label")}
          hint={t("notice.hint")}
          rows={6}
          value={text}
          maxLength={boardLimits.noticeLength}
          error={refusal ? t("refusal.notice-too-long") : undefined}
          onChange={setText}
          data-first-focus
        />
      </div>
    </Sheet>
  );
}
