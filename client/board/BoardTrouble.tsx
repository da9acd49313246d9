import { useTranslation } from "react-i18next";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import type { OpenBoard } from "./board-pool.ts";
import { useBoardStatus } from "./use-board.ts";

interface BoardTroubleProps {
  readonly board: OpenBoard;
}

/** The server does not take what this device sends, and trying alone has not helped: why, and what now. */
export function BoardTrouble({ board }: BoardTroubleProps) {
  const { t } = useTranslation("board");
  const { refused, edits } = useBoardStatus(board);
  if (!refused) return null;
  const known = refused === "board-gone" || refused === "session-ended" ? refused : "other";
  return (
    <ErrorNote
      title={t(`refused.${known}`)}
      next={t(edits === "stopped" ? "refused.kept" : "refused.next")}
      onRetry={() => board.connection.retry()}
    />
  );
}
