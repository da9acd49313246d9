import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const row = /^\| (T\d+) \|[^|]*\|[^|]*\| (.+) \|$/;
const testName = /\b(?:it|test)(?:\.\w+)*\(\s*["'`]\[([^\]]+)\]/g;
const lastFailure = 32;

/** The files in which a test's name carries each number. */
function namedIn(): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>();
  for (const entry of readdirSync(join(root, "test"), { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith(".test.ts")) continue;
    const path = join(entry.parentPath, entry.name);
    for (const [, ids = ""] of readFileSync(path, "utf8").matchAll(testName))
      for (const [number] of ids.matchAll(/\bT\d+\b/g))
        files.set(number, (files.get(number) ?? new Set()).add(relative(root, path)));
  }
  return files;
}

it("[FO-23] each known failure is in the name of a test of the files it says, or has a reason why it cannot happen", () => {
  const rows = readFileSync(join(root, "docs/failures.md"), "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, number = "", here = ""] = row.exec(line) ?? [];
      return number ? [{ number, here }] : [];
    });
  expect(rows.map(({ number }) => number)).toEqual(
    Array.from({ length: lastFailure }, (_, at) => `T${at + 1}`),
  );
  const named = namedIn();
  for (const { number, here } of rows) {
    const files = [...here.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path);
    if (files.length === 0) expect(here, number).toMatch(/^Not here: .{20,}/);
    for (const path of files) expect([...(named.get(number) ?? [])], `${number} in ${path}`).toContain(path);
  }
  // And no test names a failure that the table does not know.
  const known = new Set(rows.map(({ number }) => number));
  expect([...named.keys()].filter((number) => !known.has(number))).toEqual([]);
});
