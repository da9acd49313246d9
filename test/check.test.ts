import { describe, expect, test } from "vitest";
import { checkClientWithoutSchemas, checkDirections } from "./check/boundaries.ts";
import { checkErrorTexts, checkLocales } from "./check/locales.ts";
import { checkProcessUse, checkPurity } from "./check/purity.ts";
import { checkLeftovers, checkNames, checkSizes } from "./check/shape.ts";
import { type CodeFile, type Finding, parseCode } from "./check/source.ts";
import { checkSpec } from "./check/spec.ts";
import { checkCloseCodes, checkWireLiterals } from "./check/wire.ts";

const file = (path: string, text = "") => ({ path, text });
const messages = (findings: Finding[]) => findings.map(({ message }) => message);
/** Runs a check on files given as `{ path: text }`. */
const on = (check: (files: CodeFile[]) => Finding[], files: Record<string, string>) =>
  check(parseCode(Object.entries(files).map(([path, text]) => ({ path, text }))));

describe("sizes and names", () => {
  test("a file of more than 400 lines is refused, unless it is a list read by key", () => {
    const long = "line\n".repeat(401);
    const paths = [
      "server/storage/migrations/0001-first.ts",
      "client/locales/en/x.ts",
      "server/demo/words/a.ts",
    ];
    expect(checkSizes([file("server/a.ts", long), file("test/b.test.ts", long)])).toHaveLength(2);
    expect(
      checkSizes([...paths.map((path) => file(path, long)), file("client/a.css", "line\n".repeat(400))]),
    ).toEqual([]);
  });

  test("folders and files that are named after nothing are refused", () => {
    const bad = [
      "server/utils/a.ts",
      "client/helpers.ts",
      "shared/common/x/y.ts",
      "test/misc.test.ts",
      "server/util.ts",
    ];
    expect(checkNames(bad.map((path) => file(path)))).toHaveLength(bad.length);
    expect(checkNames([file("server/commons/a.ts"), file("shared/board/miscount.ts")])).toEqual([]);
  });

  test("marks of unfinished work in comments and tests that keep others from running are refused", () => {
    const marks = ["FIX", "HA", "XX"].map((start, at) => `// ${start}${["ME", "CK", "X"][at]}: later`);
    expect(on(checkLeftovers, { "server/a.ts": `${marks.join("\n")}\nconst XXXL = 1;` })).toHaveLength(3);
    expect(on(checkLeftovers, { "test/a.test.ts": 'test.only("a", () => {});' })).toHaveLength(1);
    expect(on(checkLeftovers, { "test/a.test.ts": 'list.only("a"); const a = "XXX";' })).toEqual([]);
  });
});

describe("boundaries", () => {
  test.each([
    ["client/a.ts", 'import { x } from "../server/x.ts";'],
    ["client/a.ts", 'import type { X } from "../server/x.ts";'],
    ["client/a.ts", 'import { readFileSync } from "node:fs";'],
    ["client/a.ts", 'import express from "express";'],
    ["client/a.ts", 'import { x } from "../test/x.ts";'],
    ["server/a.ts", 'export { x } from "../client/x.ts";'],
    ["server/a.ts", 'const x = await import("../test/x.ts");'],
    ["shared/a.ts", 'import { x } from "../server/x.ts";'],
    ["shared/a/b.ts", 'export * from "../../client/x.ts";'],
    ["shared/a.ts", 'import { randomUUID } from "node:crypto";'],
    ["shared/a.ts", 'import { Kysely } from "kysely";'],
    ["shared/a.ts", 'let x: import("socket.io").Server;'],
  ])("%s must not say %s", (path, text) => {
    expect(on(checkDirections, { [path]: text })).toMatchObject([{ path, line: 1 }]);
  });

  test("what may be imported may be imported", () => {
    const files = {
      "client/board/a.ts": 'import { x } from "../../shared/x.ts"; import { io } from "socket.io-client";',
      "server/a.ts":
        'import { x } from "../shared/x.ts"; import "node:fs"; import "./b.ts"; import "../package.json";',
      "shared/a.ts":
        'import * as Y from "yjs"; import { z } from "zod"; import "lib0/decoding"; import "./b.ts";',
      "test/a.ts": 'import "../server/a.ts"; import "../client/a.ts";',
    };
    expect(on(checkDirections, files)).toEqual([]);
  });

  test("a client file that reaches the schemas at run time is refused, also through others", () => {
    const shared = {
      "shared/board/contract.ts": 'import { z } from "zod";',
      "shared/board/model.ts": 'export { limit } from "./limits.ts";',
      "shared/board/limits.ts": 'import { z } from "zod";',
      "shared/board/rules.ts": 'import type { Item } from "./contract.ts"; import "./rules.ts";',
    };
    const found = (text: string) =>
      messages(on(checkClientWithoutSchemas, { ...shared, "client/board/a.ts": text }));
    expect(found('import { z } from "zod";')[0]).toMatch(/: zod$/);
    expect(found('import { z } from "zod/mini";')[0]).toMatch(/: zod\/mini$/);
    expect(found('import { type Item } from "../../shared/board/contract.ts";')[0]).toMatch(
      /board\/contract\.ts$/,
    );
    expect(found('import { limit } from "../../shared/board/model.ts";')[0]).toMatch(
      /: shared\/board\/model\.ts → shared\/board\/limits\.ts → zod$/,
    );
    expect(
      found('import type { Item } from "../../shared/board/contract.ts"; import type { z } from "zod";'),
    ).toEqual([]);
    expect(found('import { may } from "../../shared/board/rules.ts";')).toEqual([]);
  });
});

describe("purity", () => {
  test.each([
    "Date.now()",
    "Math.random()",
    "new Date()",
    "Date()",
    "performance.now()",
    "crypto.randomUUID()",
  ])("shared code must not read the world with %s", (expression) => {
    expect(
      on(checkPurity, { "shared/a.ts": `// Date.now()\nexport const a = ${expression};` }),
    ).toMatchObject([{ line: 2 }]);
  });

  test("shared code may count with a time that is passed in, and others may read the clock", () => {
    const pure =
      "export const day = (now: number) => new Date(now).getUTCDay() + Math.floor(Date.UTC(2026, 0));";
    expect(
      on(checkPurity, { "shared/a.ts": pure, "server/clock.ts": "export const now = () => Date.now();" }),
    ).toEqual([]);
  });

  test("the environment is read in one place and the process ended by entry points", () => {
    const text = "if (process.env.PORT) process.exit(1);";
    expect(on(checkProcessUse, { "server/http/a.ts": text })).toHaveLength(2);
    expect(messages(on(checkProcessUse, { "server/main.ts": text }))).toEqual([
      expect.stringContaining("environment"),
    ]);
    expect(messages(on(checkProcessUse, { "server/config/environment.ts": text }))).toEqual([
      expect.stringContaining("end"),
    ]);
    expect(on(checkProcessUse, { "server/cli/index.ts": "process.exit(0)", "test/a.ts": text })).toEqual([]);
    expect(on(checkProcessUse, { "server/http/a.ts": 'process["env"]' })).toHaveLength(1);
  });
});

describe("wire", () => {
  test.each([
    'socket.on("ballot.cast", f)',
    'io.emit("tally.changed", {})',
    'socket.to(r).emit("x")',
    'socket.once("y", f)',
  ])("%s is refused outside of wire/", (call) => {
    expect(on(checkWireLiterals, { "server/chat/handlers.ts": call })).toHaveLength(1);
    expect(on(checkWireLiterals, { "client/wire/socket.ts": call })).toEqual([]);
  });

  test("events of sockets, processes and documents are no messages of the contract", () => {
    const calls =
      'ws.on("message", f); server.on("upgrade", f); process.once("SIGTERM", f); doc.on("update", f); s.on(name, f);';
    expect(on(checkWireLiterals, { "server/sockets/a.ts": calls })).toEqual([]);
    const query = 'index.on("households"); join.on("a.id", "=", "b.id");';
    expect(on(checkWireLiterals, { "server/chat/repository.ts": query })).toEqual([]);
  });

  test("close codes have a name and one place", () => {
    const text =
      "const back = 1012;\nconst refused = 4403;\nws.close(4001);\nws.close(1000);\nconst most = 4096;\nf(1000);";
    expect(on(checkCloseCodes, { "server/sync/connection.ts": text }).map(({ line }) => line)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(on(checkCloseCodes, { "shared/wire/close-codes.ts": text, "test/a.ts": text })).toEqual([]);
  });
});

describe("specification", () => {
  const check = (spec: string, tests: string, path = "docs/spec/board.md") =>
    messages(checkSpec([file(path, spec)], parseCode([file("test/a.test.ts", tests)])));
  const rule = "- **BD-3** A deletion of a foreign cell is refused.";

  test("a rule without a test is found, also when its test is skipped or only mentions it", () => {
    expect(check(rule, "")).toEqual(["no test is named after BD-3"]);
    expect(check(rule, "", "docs/SPEC.md")).toHaveLength(1);
    expect(check(rule, 'test.skip("[BD-3] it is refused", () => {});')).toHaveLength(1);
    expect(check(rule, '// [BD-3]\nconst a = "[BD-3] a"; test("BD-3 a", () => {});')).toHaveLength(1);
    expect(check(rule, 'test("[BD-31] a", () => {});')).toHaveLength(2);
  });

  test.each([
    'test("[BD-3] it is refused", () => {});',
    'test("[BD-3, SY-1] it is refused", () => {});',
    "test(`[BD-3 on $" + "{dialect}] it is refused`, () => {});",
    'describe("[BD-3 INV-2] foreign cells", () => {});',
    'test.each([1, 2])("[BD-3] it is refused", () => {});',
    'it.for([1, 2])("it is " + "refused [BD-3]", () => {});',
  ])("%s proves a rule", (text) => {
    const spec = `${rule}\n- **SY-1** x\n- **INV-2** y`;
    expect(check(spec, text)).not.toContain("no test is named after BD-3");
  });

  test("a test that names no rule there is, and a rule that is there twice, are found", () => {
    expect(check("", 'test("[BD-4] a", () => {});')).toEqual(["a test names BD-4, which no rule has"]);
    expect(check(`${rule}\n${rule}`, 'test("[BD-3] a", () => {});')).toEqual([
      "BD-3 is also in docs/spec/board.md:1",
    ]);
  });
});

describe("locales", () => {
  const locale = (language: string, texts: object, name = "board") =>
    file(`client/locales/${language}/${name}.json`, JSON.stringify(texts));

  test("a text that one language lacks, an empty one and a lost value are found", () => {
    const chinese = {
      add: "放上去",
      cell: { empty: "空着" },
      greet: "{{name}}好",
      items_other: "{{count}} 样",
    };
    const english = {
      add: " ",
      cell: {},
      greet: "Hello",
      more: "More",
      items_one: "One item",
      items_other: "{{count}} items",
    };
    expect(messages(checkLocales([locale("zh-CN", chinese), locale("en", english)])).toSorted()).toEqual([
      "board.add has no text",
      "board.cell.empty is missing in en",
      "board.greet does not say {{name}}",
      "board.more is missing in zh-CN",
    ]);
    expect(checkLocales([locale("zh-CN", chinese), locale("en", {}, "chat")])).toHaveLength(4);
    expect(checkLocales([locale("zh-CN", chinese), locale("en", chinese)])).toEqual([]);
  });

  test("an error without a sentence and a sentence without an error are found", () => {
    const english = locale("en", { internal: "Something broke.", gone: "It is gone." }, "errors");
    expect(messages(checkErrorTexts([english], ["internal", "muted"]))).toEqual([
      'has no sentence for the error "muted"',
      'has a sentence for "gone", which no error is called',
    ]);
    expect(checkErrorTexts([english, locale("zh-CN", {})], ["internal", "gone"])).toHaveLength(1);
    expect(checkErrorTexts([english], ["internal", "gone"])).toEqual([]);
  });
});

test("a file that does not parse is named", () => {
  expect(() => on(checkPurity, { "shared/a.ts": "const = 1" })).toThrow(/^shared\/a\.ts: /);
});
