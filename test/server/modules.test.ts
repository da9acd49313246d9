import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

it("a server does not load Node's HTTP client, which nothing in it needs", () => {
  const program = new URL("../../server/compose.ts", import.meta.url).href;
  const script = `await import(${JSON.stringify(program)}); console.log(process.moduleLoadList.join("\\n"))`;
  const loaded = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect(loaded).toContain("NativeModule http");
  expect(loaded.split("\n").filter((name) => name.includes("undici"))).toEqual([]);
});
