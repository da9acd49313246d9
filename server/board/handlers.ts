import type { boardContract } from "../../shared/board/contract.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Boards } from "./boards.ts";

export function createBoardHandlers(deps: { boards: Boards }): AreaHandlers<typeof boardContract> {
  const { boards } = deps;
  return {
    commands: {},
    queries: {},
    whispers: {},
    snapshot: async ({ actor }) => ({
      boards: (await boards.visibleTo(actor)).map(({ id, buildingId, access, lists }) => ({
        id,
        buildingId,
        access: { ...access, onlyCells: access.onlyCells ? [...access.onlyCells] : null },
        lists,
      })),
    }),
  };
}
