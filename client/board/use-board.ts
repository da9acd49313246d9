import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Item, ListEntry } from "../../shared/board/model.ts";
import type { BoardStatus } from "../wire/board-connection.ts";
import type { BoardPool, OpenBoard } from "./board-pool.ts";

export const BoardsContext = createContext<BoardPool | null>(null);

/** Opens a board while the component is there. Null until it is open; what it holds may come later. */
export function useBoard(boardId: string | undefined): OpenBoard | null {
  const pool = useContext(BoardsContext);
  const [board, setBoard] = useState<OpenBoard | null>(null);
  useEffect(() => {
    if (!pool || boardId === undefined) return;
    setBoard(pool.open(boardId));
    return () => pool.leave(boardId);
  }, [pool, boardId]);
  return board?.boardId === boardId ? board : null;
}

/** How the line stands and what became of one's edits. */
export const useBoardStatus = ({ connection }: OpenBoard): BoardStatus =>
  useSyncExternalStore(connection.status.subscribe, connection.status.get);

/** The things in a cell, in their order; draws again only when this cell changes. */
export const useCell = ({ view }: OpenBoard, householdId: string): readonly Item[] =>
  useSyncExternalStore(view.subscribe, () => view.cell(householdId));

export const useList = ({ view }: OpenBoard, listId: string): readonly ListEntry[] =>
  useSyncExternalStore(view.subscribe, () => view.list(listId));

export const useNotice = ({ view }: OpenBoard): string =>
  useSyncExternalStore(view.subscribe, () => view.notice());

/** Whether somebody else is writing at a place of the board. */
export const useOthersWriting = ({ view }: OpenBoard, place: string): boolean =>
  useSyncExternalStore(view.subscribe, () => view.writing(place));

/** Shows others that this person writes here, as long as `writing` holds. */
export function useShowWriting(board: OpenBoard, place: string, writing: boolean): void {
  useEffect(() => {
    if (!writing) return;
    board.connection.showWriting(place);
    return () => board.connection.showWriting(null);
  }, [board, place, writing]);
}
