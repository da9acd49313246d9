import type { BoardCommit } from "../../server/sync/ports.ts";
import { type RoomLimits, roomLimits } from "../../shared/board/limits.ts";
import { startBoardServer } from "../sync/board-server.ts";
import { MemoryStore } from "../sync/memory-store.ts";
import { answerQuestions } from "./control.ts";

/** Takes commits and keeps nothing of them: a log in memory would grow. Its board stays open all the time. */
class LeanStore extends MemoryStore {
  override async commit(boardId: string, commit: BoardCommit): Promise<boolean> {
    const stored = await super.commit(boardId, { ...commit, changes: [] });
    for (const { rows } of this.boards.values()) rows.length = 0;
    return stored;
  }
}

/** Whoever measures memory is not to be slowed down by how much one person may send. */
const unhurried = Object.fromEntries(
  Object.entries(roomLimits).map(([name, limit]) => [name, /(PerSecond|Burst)$/.test(name) ? 1e9 : limit]),
) as RoomLimits;

const server = await startBoardServer({
  store: new LeanStore(),
  settings: { tickMs: 4, staleCheckMs: 50, compactRows: 1e9, compactBytes: 1e12, limits: unhurried },
});
await answerQuestions({
  url: () => server.url,
  counters: () => server.rooms.counters,
});
