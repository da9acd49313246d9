import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that can run full without anyone else noticing. */
export interface SmallDisk {
  readonly kind: "tmpfs" | "file-size limit";
  readonly directory: string;
  /** From now on there is no room, or no room for more than `left` bytes. */
  fill(pid: number, left: number): void;
  free(pid: number): void;
  close(): void;
}

const prefix = "yuanba-disk-";
const usualSize = 24 * 1024 * 1024;

/** A tmpfs of its own where that is allowed; elsewhere the process is kept from making any file longer. */
export function openSmallDisk(size = usualSize): SmallDisk {
  sweepDisks();
  const directory = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "yuanba-test", directory]);
  const remove = () => {
    if (mounted.status === 0) spawnSync("umount", ["-l", directory]);
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", remove);
  const close = () => {
    process.off("exit", remove);
    remove();
  };
  if (mounted.status === 0) return { kind: "tmpfs", directory, ...filler(directory), close };
  return {
    kind: "file-size limit",
    directory,
    fill: (pid, left) => limitFileSize(pid, String(left)),
    free: (pid) => limitFileSize(pid, "unlimited"),
    close,
  };
}

function filler(directory: string): Pick<SmallDisk, "fill" | "free"> {
  const path = join(directory, "filler");
  return {
    fill: (_pid, left) => {
      const { bavail, bsize } = statfsSync(directory);
      const file = openSync(path, "a");
      try {
        for (let rest = bavail * bsize - left; rest > 0; ) {
          rest -= writeSync(file, Buffer.alloc(Math.min(rest, 64 * 1024)));
        }
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(path, { force: true }),
  };
}

function limitFileSize(pid: number, bytes: string): void {
  const set = spawnSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`], {
    encoding: "utf8",
  });
  if (set.status !== 0) throw new Error(`prlimit failed: ${set.stderr}`);
}

/** Takes away what runs that were killed have left mounted. */
function sweepDisks(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (!owner || spawnSync("kill", ["-0", String(owner)]).status === 0) continue;
    spawnSync("umount", ["-l", join(tmpdir(), name)]);
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
