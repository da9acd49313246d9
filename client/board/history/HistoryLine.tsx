import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useServerNow, useWire } from "../../state/app.tsx";
import { Button } from "../../ui/Button.tsx";
import { momentText } from "../../ui/moment.ts";
import { useToast } from "../../ui/toast-context.ts";
import type { OpenBoard } from "../board-pool.ts";
import styles from "./history.module.css";
import { useChangeText } from "./use-change-text.ts";
import type { HistoryEntry, HistoryOf } from "./use-history.ts";

interface HistoryLineProps {
  readonly board: OpenBoard;
  readonly of: HistoryOf;
  readonly entry: HistoryEntry;
  readonly onRestored: () => void;
}

/** One change in a sentence, and the way back to before it. */
export function HistoryLine({ board, of, entry, onRestored }: HistoryLineProps) {
  const { t, i18n } = useTranslation("board");
  const { t: tErrors } = useTranslation("errors");
  const wire = useWire();
  const now = useServerNow()();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const textOf = useChangeText();

  const restore = async (whole: boolean) => {
    setBusy(true);
    const answer =
      whole && of.place === "cell"
        ? await wire.send("board.restore-cell", {
            boardId: board.boardId,
            householdId: of.householdId,
            at: entry.at - 1,
          })
        : await wire.send("board.restore", { historyId: entry.historyId });
    setBusy(false);
    if (!answer.ok) {
      const { code, params } = answer.error;
      const seconds = code === "rate-limited" ? Number(params?.seconds) : Number.NaN;
      const text = seconds > 0 ? t("history.tooOften", { count: seconds }) : tErrors(code);
      return toast({ text, tone: "wrong" });
    }
    toast({ text: t("history.restored") });
    onRestored();
  };
  return (
    <li className={styles.line}>
      <p className={styles.what}>{textOf(entry)}</p>
      <p className={styles.when}>
        <time dateTime={new Date(entry.at).toISOString()}>{momentText(entry.at, now, i18n.language)}</time>
        {entry.onBehalf && ` · ${t("history.onBehalf")}`}
      </p>
      <div className={styles.ways}>
        {entry.before && (
          <Button busy={busy} icon="undo" onClick={() => void restore(false)}>
            {t(entry.after ? "history.changeBack" : "history.putBack")}
          </Button>
        )}
        {of.place === "cell" && entry.before && (
          <Button busy={busy} onClick={() => void restore(true)}>
            {t("history.wholeCell")}
          </Button>
        )}
      </div>
    </li>
  );
}
