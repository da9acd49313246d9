import { posix } from "node:path";
import type { CodeFile, Finding } from "./source.ts";

const SHARED_PACKAGES = /^(yjs|zod|fractional-indexing|pinyin-pro|lib0\/.+)$/;
const SERVER_PACKAGES =
  /^(node:.*|(kysely|pg|ioredis|socket\.io|express|ws|pino|helmet|prom-client)(\/.*)?)$/;

/** The project path of a relative import, else undefined. */
function targetOf(path: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}

function areaOf(path: string): string {
  return path.split("/")[0] ?? "";
}

/** Imports go one way: `client → shared ← server`, and what the tests use stays in the tests. */
export function checkDirections(files: CodeFile[]): Finding[] {
  return files.flatMap((file) => {
    const area = areaOf(file.path);
    if (area !== "client" && area !== "server" && area !== "shared") return [];
    return file.imports.flatMap(({ specifier, line }) => {
      const target = targetOf(file.path, specifier);
      const message = target ? refuseArea(area, areaOf(target)) : refusePackage(area, specifier);
      return message ? [{ path: file.path, line, message: `${message}: "${specifier}"` }] : [];
    });
  });
}

function refuseArea(from: "client" | "server" | "shared", to: string): string | undefined {
  const allowed = to === from || (from !== "shared" && !/^(client|server|test)$/.test(to));
  return allowed ? undefined : `${from} must not import from ${to}`;
}

function refusePackage(from: "client" | "server" | "shared", specifier: string): string | undefined {
  if (from === "shared" && !SHARED_PACKAGES.test(specifier)) return "shared must stay pure and small";
  if (from === "client" && SERVER_PACKAGES.test(specifier))
    return "the client must not import what servers run on";
  return undefined;
}

/**
 * The schemas weigh more than the client's budget allows: it takes types from contracts and never reaches zod,
 * not even through another shared file.
 */
export function checkClientWithoutSchemas(files: CodeFile[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files
    .filter((file) => areaOf(file.path) === "client")
    .flatMap((file) =>
      file.imports.flatMap(({ specifier, typeOnly, line }) => {
        if (typeOnly) return [];
        const way = wayToSchemas(file.path, specifier, byPath, new Set());
        if (!way) return [];
        return [
          {
            path: file.path,
            line,
            message: `reaches schemas at run time, use "import type": ${way.join(" → ")}`,
          },
        ];
      }),
    );
}

function wayToSchemas(
  from: string,
  specifier: string,
  byPath: Map<string, CodeFile>,
  seen: Set<string>,
): string[] | undefined {
  const target = targetOf(from, specifier);
  if (!target) return /^zod(\/|$)/.test(specifier) ? [specifier] : undefined;
  if (areaOf(target) !== "shared" || seen.has(target)) return undefined;
  seen.add(target);
  if (posix.basename(target) === "contract.ts") return [target];
  for (const next of byPath.get(target)?.imports ?? []) {
    if (next.typeOnly) continue;
    const way = wayToSchemas(target, next.specifier, byPath, seen);
    if (way) return [target, ...way];
  }
  return undefined;
}
