import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuiltBoard, buildBoard, householdsFor } from "../board.ts";
import type { Setup } from "./peer.ts";

/** Peers know no households: a cell is only a name in their document. */
export const householdAt = (index: number): string => `h${String(index).padStart(4, "0")}`;
export const documentAt = (board: number): string => `board-${board}`;

/** Boards of the same shape are the same board under another name. */
export function buildBoards({ boards }: Setup): BuiltBoard[] {
  const known = new Map<string, BuiltBoard>();
  return boards.map((shape) => {
    const key = `${shape.items} ${shape.pastSessions}`;
    const built =
      known.get(key) ??
      buildBoard(
        shape,
        Array.from({ length: householdsFor(shape.items) }, (_, index) => householdAt(index)),
      );
    known.set(key, built);
    return built;
  });
}

/** Writes each board's update into a folder, for a server that keeps its documents in memory. */
export async function writeSeeds(folder: string, boards: BuiltBoard[]): Promise<void> {
  for (const [index, { update }] of boards.entries())
    await writeFile(join(folder, `${documentAt(index)}.update`), update);
}

/** What `writeSeeds` has written: name and update. */
export function readSeeds(folder: string): { name: string; update: Uint8Array }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".update"))
    .map((file) => ({ name: file.slice(0, -".update".length), update: readFileSync(join(folder, file)) }));
}
