import { openRoom } from "../load/room.ts";
import type { RunningPeer } from "../peers/peer.ts";

/**
 * Edits a board a few times, so that whoever was there before has something to fetch.
 * @param from seats that others have
 * @returns a text that only the last of these edits has brought
 */
export async function moveBoard(
  running: RunningPeer,
  board: number,
  from: number,
  edits: number,
): Promise<string> {
  const room = await openRoom(running.seats(board, 1, { writers: 1, from }), { watchers: 1, pids: [] });
  const { lastNote } = await room.play({ perSecond: 20, seconds: edits / 20 });
  room.close();
  return lastNote;
}
