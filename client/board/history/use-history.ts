import { useCallback, useEffect, useRef, useState } from "react";
import type { QueryInput, QueryResult } from "../../../shared/wire/contract.ts";
import type { ErrorCode } from "../../../shared/wire/errors.ts";
import { useWire } from "../../state/app.tsx";
import type { OpenBoard } from "../board-pool.ts";

export type HistoryOf = QueryInput<"board.history">["of"];
export type HistoryEntry = QueryResult<"board.history">["entries"][number];

interface HistoryState {
  entries: readonly HistoryEntry[];
  more: boolean;
  loading: boolean;
  error: ErrorCode | null;
}

const pageSize = 30;
const begin: HistoryState = { entries: [], more: false, loading: true, error: null };

/** The history of one place, page by page. */
export function useHistory(board: OpenBoard, of: HistoryOf) {
  const wire = useWire();
  const [state, setState] = useState(begin);
  const { boardId } = board;
  /** The asking that counts: an answer to an earlier one is late. */
  const turn = useRef(0);
  const place = useRef(of);

  const load = useCallback(
    async (known: readonly HistoryEntry[]) => {
      const mine = ++turn.current;
      setState((before) => ({ ...before, loading: true, error: null }));
      const last = known.at(-1);
      const answer = await wire.ask("board.history", {
        boardId,
        of: place.current,
        limit: pageSize,
        ...(last && { before: { at: last.at, seq: last.seq, historyId: last.historyId } }),
      });
      if (mine !== turn.current) return;
      if (!answer.ok) setState((before) => ({ ...before, loading: false, error: answer.error.code }));
      else {
        const { entries, more } = answer.value;
        setState({ entries: [...known, ...entries], more, loading: false, error: null });
      }
    },
    [wire, boardId],
  );
  useEffect(() => {
    void load([]);
    return () => {
      turn.current += 1;
    };
  }, [load]);

  return {
    ...state,
    loadMore: () => void load(state.entries),
    reload: () => void load([]),
  };
}
