import { execFileSync } from "node:child_process";

/** Above all seeds that are played in every run. */
const above = 100_000;

/**
 * Seeds that are others with each commit and the same wherever it is checked out: what is red is red everywhere, and
 * what has never been played is played some day. Without a repository the day decides.
 */
export function seedsOfCommit(count: number): number[] {
  const first = above + numberOfCommit() * count;
  return Array.from({ length: count }, (_, at) => first + at);
}

function numberOfCommit(): number {
  try {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number.parseInt(commit.slice(0, 7), 16);
  } catch {
    return Math.floor(Date.now() / 86_400_000);
  }
}
