import { readdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "yuanba-test-";
const OWNER = new RegExp(`^${PREFIX}(\\d+)-`);

/** A temporary directory named after this process, so that a later run knows when nobody needs it any more. */
export function makeScratch(purpose: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-${purpose}-`));
}

/** Removes the directories of runs that were killed and could not tidy up. */
export function sweepScratch(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(OWNER.exec(name)?.[1]);
    if (owner && !isAlive(owner)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it lives, and is not ours to ask.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
