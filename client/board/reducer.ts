import type { AreaReducer, Areas } from "../state/app-state.ts";

/** How the boards one may see follow what happens; what is on them comes over their own lines. */
export const boardReducer: AreaReducer<Areas["board"]> = {
  event: (part, event) => {
    if (event.name !== "board.lists-changed") return part;
    const { boardId, lists } = event.data;
    if (!part.boards.some(({ id }) => id === boardId)) return part;
    return {
      ...part,
      boards: part.boards.map((board) => (board.id === boardId ? { ...board, lists } : board)),
    };
  },
};
