import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { EmptyInvitation } from "../../ui/EmptyInvitation.tsx";
import { ErrorNote } from "../../ui/ErrorNote.tsx";
import { LoadingLines } from "../../ui/LoadingLines.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import type { OpenBoard } from "../board-pool.ts";
import { HistoryLine } from "./HistoryLine.tsx";
import styles from "./history.module.css";
import { type HistoryOf, useHistory } from "./use-history.ts";

interface HistorySheetProps {
  readonly open: boolean;
  readonly board: OpenBoard;
  readonly of: HistoryOf;
  readonly onClose: () => void;
}

/** Who changed what, newest first, and the way back. */
export function HistorySheet({ open, onClose, ...rest }: HistorySheetProps) {
  const { t } = useTranslation("board");
  return (
    <Sheet open={open} title={t("history.title")} onClose={onClose}>
      <History {...rest} />
    </Sheet>
  );
}

function History({ board, of }: Pick<HistorySheetProps, "board" | "of">) {
  const { t } = useTranslation("board");
  const { t: tErrors } = useTranslation("errors");
  const history = useHistory(board, of);
  if (history.error && history.entries.length === 0) {
    return <ErrorNote title={t("history.failed")} next={tErrors(history.error)} onRetry={history.reload} />;
  }
  if (history.entries.length === 0) {
    return history.loading ? (
      <LoadingLines what={t("history.loading")} />
    ) : (
      <EmptyInvitation title={t("history.empty")} />
    );
  }
  return (
    <div className={styles.history}>
      <ol className={styles.lines}>
        {history.entries.map((entry) => (
          <HistoryLine
            key={entry.historyId}
            board={board}
            of={of}
            entry={entry}
            onRestored={history.reload}
          />
        ))}
      </ol>
      {history.error && <p role="alert">{tErrors(history.error)}</p>}
      {history.more && (
        <Button busy={history.loading} onClick={history.loadMore}>
          {t("history.more")}
        </Button>
      )}
    </div>
  );
}
