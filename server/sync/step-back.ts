import { getPriority, setPriority } from "node:os";

/** How much nicer than the rest of the process, of at most 19. */
const behind = 5;
const nicest = 19;

/**
 * Puts the calling thread behind the others of this process: everyone waits for the main thread, hardly anybody for this
 * one. Only on Linux, where a thread has a priority of its own; elsewhere it would be the whole process's. Where it is not
 * allowed (a sandbox may refuse the call), all threads stay equal, and nothing else is different.
 */
export function stepBack(system = { platform: process.platform, getPriority, setPriority }): void {
  if (system.platform !== "linux") return;
  try {
    system.setPriority(Math.min(system.getPriority() + behind, nicest));
  } catch {
    // Slower for others, and still right.
  }
}
