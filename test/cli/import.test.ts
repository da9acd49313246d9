import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgres, serving } from "../../server/storage/postgres.ts";
import { freshDatabase } from "../services/postgres.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { startServer, yuanba } from "./yuanba.ts";

const households = `楼栋,单元,房号,建筑面积（㎡）,联系方式
3栋,2单元,501,89.5,
3栋,2单元,502,,13800000000
４栋,1单元,101,,
`;
const items = `门牌,物品,类别,数量,备注
3栋2单元501,螺丝刀,工具,2,晚上七点后
3-2-0502,童话书,图书,12,
`;

for (const dialect of ["SQLite", "PostgreSQL"] as const) {
  describe(`on ${dialect}`, () => {
    let folder = "";
    let env: Record<string, string>;
    let drop = async () => {};
    beforeAll(async () => {
      folder = await makeScratch("import");
      env = { DATA_DIR: join(folder, "data") };
      if (dialect === "PostgreSQL") {
        const database = await freshDatabase();
        env.DATABASE_URL = database.url;
        drop = () => database.drop();
      }
      writeFileSync(join(folder, "households.csv"), households);
      writeFileSync(join(folder, "items.csv"), items);
      expect((await yuanba(["migrate"], env)).code).toBe(0);
    });
    afterAll(() => drop());

    const read = (kind: string, file: string, ...more: string[]) =>
      yuanba(["import", "--courtyard", "晋院 26 号", `--${kind}`, join(folder, file), ...more], env);
    const write = async (kind: string, file: string) => {
      const outcome = await yuanba(
        ["export", "--courtyard", "晋院 26 号", `--${kind}`, join(folder, file)],
        env,
      );
      expect(outcome.stderr).toBe("");
      return readFileSync(join(folder, file), "utf8");
    };

    test("[CL-8] a dry run says what it would do and does nothing", async () => {
      const outcome = await read("households", "households.csv", "--dry-run");
      expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining("3 to add, 0 to change") });
      const nothing = await yuanba(["export", "--courtyard", "晋院 26 号", "--items", "x.csv"], env);
      expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining("There is none at all yet") });
    });

    test("[CL-8] a bad row is named by its line, and nothing is imported", async () => {
      writeFileSync(join(folder, "bad.csv"), `${households}没得这家,x,y,-5,\n`);
      const outcome = await read("households", "bad.csv");
      expect(outcome).toMatchObject({ code: 1, stdout: expect.stringContaining("line 5:") });
      expect((await read("items", "items.csv")).stderr).toContain("There is none at all yet");
      const without = await read("households", "bad.csv", "--without", "5", "--dry-run");
      expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining("3 to add") });
    });

    test("[CL-8] households make the courtyard, items fill it, and the same files again do nothing", async () => {
      for (const [kind, file, count] of [
        ["households", "households.csv", 3],
        ["items", "items.csv", 2],
      ] as const) {
        const first = await read(kind, file);
        expect(first).toMatchObject({
          code: 0,
          stderr: "",
          stdout: expect.stringContaining(`Done: ${count} added, 0 changed, 0 as before`),
        });
        const second = await read(kind, file);
        expect(second.stdout).toContain(`Done: 0 added, 0 changed, ${count} as before`);
      }
      expect(await yuanba(["check"], env)).toMatchObject({ code: 0 });
    });

    test("[CL-9] what was exported and imported again changes nothing", async () => {
      for (const kind of ["households", "items"]) {
        for (const format of ["csv", "xlsx"]) {
          await write(kind, `out-${kind}.${format}`);
          const outcome = await read(kind, `out-${kind}.${format}`);
          expect(outcome.stdout).toContain("0 added, 0 changed");
        }
      }
      expect(await write("items", "items-again.csv")).toContain("3栋2单元501,螺丝刀,工具,2,晚上七点后");
      expect(await write("households", "households-again.csv")).toContain("13800000000");
    });

    test("[CL-8] a server started afterwards shows what was imported", async () => {
      const server = await startServer(env);
      const token = await yuanba(["token", "--courtyard", "晋院 26 号", "--household", "3-2-501"], env);
      const session = await fetch(`${server.url}/api/v1/session`, {
        headers: { authorization: `Bearer ${token.stdout.trim()}` },
      });
      expect(await session.json()).toMatchObject({ holder: "person" });
      await server.service.stop();
    });

    if (dialect === "PostgreSQL") {
      test("[CL-11] backup and restore name PostgreSQL's own tools", async () => {
        const backup = await yuanba(["backup", join(folder, "b.sqlite")], env);
        expect(backup).toMatchObject({ code: 2, stderr: expect.stringContaining("pg_dump") });
        const restore = await yuanba(["restore", join(folder, "items.csv")], env);
        expect(restore).toMatchObject({ code: 2, stderr: expect.stringContaining("pg_restore") });
      });

      test("[CL-7] checking a database that takes long over one question goes on until it has its answer", async () => {
        const other = new pg.Client(env.DATABASE_URL);
        await other.connect();
        await other.query("begin; lock table events in access exclusive mode");
        const checked = yuanba(["check"], env);
        await until("it waits", async () => {
          const waiting = await other.query("select from pg_locks where not granted");
          return waiting.rowCount === 1;
        });
        await pause(serving.answerMs ?? 0);
        await other.query("commit");
        await other.end();
        expect(await checked).toEqual({ code: 0, stdout: "Everything is in order.\n", stderr: "" });
      });

      test("[CL-11] the data is in PostgreSQL", async () => {
        const storage = await openPostgres(env.DATABASE_URL ?? "", 2);
        const rows = await storage.db.selectFrom("board_items").select("title").orderBy("title").execute();
        expect(rows.map(({ title }) => title).sort()).toEqual(["童话书", "螺丝刀"].sort());
        await storage.close();
      });
    }
  });
}

test("[CL-8] a compound gets a board for each building, or what --boards says", async () => {
  const folder = await makeScratch("import-compound");
  const rows = Array.from({ length: 13 }, (_, building) => `${building + 1}栋,1单元,101`);
  writeFileSync(join(folder, "many.csv"), `楼栋,单元,房号\n${rows.join("\n")}\n`);
  const boards = async (dataDir: string, ...more: string[]) => {
    const env = { DATA_DIR: join(folder, dataDir) };
    const file = join(folder, "many.csv");
    await yuanba(["import", "--courtyard", "晋水新居", "--households", file, ...more], env);
    const { openSqlite } = await import("../../server/storage/sqlite.ts");
    const storage = await openSqlite(env.DATA_DIR);
    const found = await storage.db.selectFrom("boards").select("id").execute();
    await storage.close();
    return found.length;
  };
  expect(await boards("usual")).toBe(13);
  expect(await boards("one", "--boards", "courtyard")).toBe(1);
});
