import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../server/storage/sqlite.ts";
import type { Storage, Tx } from "../../server/storage/storage.ts";

const root = mkdtempSync(join(tmpdir(), "yuanba-embedded-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const storageModule = new URL("../../server/storage/sqlite.ts", import.meta.url).href;
const folder = (name: string) => join(root, name);
const community = (id: string) => (tx: Tx) =>
  tx.db
    .insertInto("communities")
    .values({ id, name: "x".repeat(1000), seq: 0, created_at: 1 })
    .execute();

const roomFor = (storage: Storage, pages: number) =>
  storage.write(async ({ db }) => {
    await sql.raw(`pragma max_page_count = ${pages}`).execute(db);
  });

describe("the embedded database", () => {
  it("[EV-6] refuses a second process on the same data, and lets it in when the first has died", async () => {
    const script = `import { openSqlite } from ${JSON.stringify(storageModule)};
      await openSqlite(${JSON.stringify(folder("shared"))}); process.stdout.write("open\\n"); setInterval(() => {}, 1000);`;
    const first = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => first.stdout.once("data", resolve));
    await expect(openSqlite(folder("shared"))).rejects.toMatchObject({ code: "already-running" });
    const ended = new Promise((resolve) => first.once("exit", resolve));
    first.kill("SIGKILL");
    await ended;
    await (await openSqlite(folder("shared"))).close();
  });

  it("[EV-7] refuses a folder that cannot be made", async () => {
    writeFileSync(folder("file"), "");
    await expect(openSqlite(join(folder("file"), "data"))).rejects.toMatchObject({
      code: "data-dir-unwritable",
    });
  });

  it("[EV-7] refuses a file that is not a database and leaves it as it is", async () => {
    mkdirSync(folder("other"));
    writeFileSync(
      join(folder("other"), "yuanba.sqlite"),
      "a shopping list, not a database, of some length".repeat(40),
    );
    await expect(openSqlite(folder("other"))).rejects.toMatchObject({ code: "not-a-database" });
  });

  it("[EV-7] refuses a database that a newer program has written", async () => {
    await (await openSqlite(folder("newer"))).close();
    const database = new DatabaseSync(join(folder("newer"), "yuanba.sqlite"));
    database.exec("insert into kysely_migration values ('9999-from-the-future', '2099-01-01')");
    database.close();
    await expect(openSqlite(folder("newer"))).rejects.toMatchObject({ code: "database-newer" });
  });

  it("[EV-7] refuses a folder it may not write, by name", async () => {
    await (await openSqlite(folder("locked"))).close();
    chmodSync(folder("locked"), 0o555);
    // Root may write everywhere, so the attempt is made as nobody; the program is loaded before.
    const script = `import { openSqlite } from ${JSON.stringify(storageModule)};
      if (process.getuid() === 0) process.setuid(65534);
      await openSqlite(${JSON.stringify(folder("locked"))}).then(() => console.log("opened"), (error) => console.log(error.code));`;
    chmodSync(root, 0o755);
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(said.trim()).toBe("data-dir-unwritable");
  });

  it("[EV-8] a full disk refuses the write by name, keeps what was stored and recovers", async () => {
    const storage = await openSqlite(folder("full"));
    await storage.write(community("before"));
    // SQLite's own page limit answers exactly as a full disk does (SQLITE_FULL).
    await roomFor(storage, 70);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_, index) => storage.write(community(`full${index}`))),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: "disk-full" } });
    await roomFor(storage, 100_000);
    await storage.write(community("after"));
    const ids = (await storage.db.selectFrom("communities").select("id").execute()).map((row) => row.id);
    expect(ids).toContain("before");
    expect(ids).toContain("after");
    const stored = outcomes.filter((outcome) => outcome.status === "fulfilled").length;
    expect(ids.filter((id) => id.startsWith("full"))).toHaveLength(stored);
    await storage.close();
  });

  it("makes no file for what a unit may have to put back, however much that is", () => {
    const scratch = folder("scratch");
    mkdirSync(scratch);
    const script = `import { watch } from "node:fs";
      import { setTimeout as pause } from "node:timers/promises";
      import { openSqlite } from ${JSON.stringify(storageModule)};
      const storage = await openSqlite(${JSON.stringify(folder("large-unit"))});
      await storage.write(({ db }) => db.insertInto("communities")
        .values(Array.from({ length: 300 }, (_, id) => ({ id: String(id), name: "x".repeat(1000), seq: 0, created_at: 1 }))).execute());
      const made = [];
      const watching = watch(${JSON.stringify(scratch)}, (_, name) => made.push(name));
      await storage.write(({ db }) => db.updateTable("communities").set({ seq: 1 }).execute());
      await pause(50);
      watching.close();
      await storage.close();
      console.log(made.length);`;
    // A file, for the thread that writes cannot begin in a program that was given as text.
    writeFileSync(folder("large-unit.mjs"), script);
    const env = { ...process.env, SQLITE_TMPDIR: scratch };
    const said = execFileSync(process.execPath, [folder("large-unit.mjs")], { encoding: "utf8", env });
    expect(said.trim()).toBe("0");
  });

  it("[EV-12] a unit inside a unit is refused", async () => {
    const storage = await openSqlite(folder("nested"));
    await expect(
      storage.write(async () => {
        await storage.write(community("inner"));
      }),
    ).rejects.toThrow("must not start another");
    await storage.write(community("outer"));
    await storage.close();
  });
});
