import { copyFileSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { seedFolder } from "../demo/applied.ts";
import { makeScratch } from "../services/scratch.ts";
import { yuanba } from "./yuanba.ts";

let folder: string;
let sound: string;
beforeAll(async () => {
  folder = await makeScratch("check");
  await seedFolder(join(folder, "seeded"));
  sound = join(folder, "seeded", "yuanba.sqlite");
  const database = new DatabaseSync(sound);
  // The demo's log of events is empty; holes need something around them.
  database.exec(`update communities set seq = 3;
    insert into events select id, 1, 1, 'x', '[]', '{}' from communities;
    insert into events select id, 2, 1, 'x', '[]', '{}' from communities;
    insert into events select id, 3, 1, 'x', '[]', '{}' from communities;
    pragma wal_checkpoint(truncate)`);
  database.close();
});

let copies = 0;
async function checkAfter(change: (database: DatabaseSync) => void) {
  copies += 1;
  const dataDir = join(folder, `copy-${copies}`);
  mkdirSync(dataDir);
  const file = join(dataDir, "yuanba.sqlite");
  copyFileSync(sound, file);
  const database = new DatabaseSync(file);
  change(database);
  database.exec("pragma wal_checkpoint(truncate)");
  database.close();
  const before = readFileSync(file);
  const outcome = await yuanba(["check"], { DATA_DIR: dataDir });
  expect(readFileSync(file).equals(before)).toBe(true);
  return outcome;
}

test("[CL-7] finds nothing in sound data", async () => {
  expect(await checkAfter(() => {})).toEqual({ code: 0, stdout: "Everything is in order.\n", stderr: "" });
});

const one = (table: string) => `rowid = (select min(rowid) from ${table})`;
const faults: [string, string, string][] = [
  ["an event that is gone", "delete from events where seq = 2", "events of community"],
  ["a last event that is gone", "delete from events where seq = 3", "events of community"],
  ["a message that is gone", `delete from messages where seq = 2`, "messages of channel"],
  ["an act that is gone", "delete from proposal_acts where seq = 2", "acts of proposal"],
  ["an update that is gone", "delete from board_updates", "updates of board"],
  ["a board that counts too far", "update boards set seq = seq + 1", "updates of board"],
  ["an update that is not one", "update board_updates set data = x'ffff01'", "its log cannot be read"],
  [
    "an item whose row differs",
    `update board_items set title = '别的' where ${one("board_items")}`,
    "reads differently",
  ],
  [
    "an item without a row",
    `delete from board_items where ${one("board_items")}`,
    "is in the document and not in its row",
  ],
  [
    "a row without an item",
    `update board_items set item_id = 'nothing' where ${one("board_items")}`,
    "has a row and is not in the document",
  ],
  [
    "a household that counts twice",
    `drop index ballots_once;
     insert into ballots select id || 'x', proposal_id, round, household_id, option_id, cast_by, cast_at, receipt, null
     from ballots where ${one("ballots")}`,
    "counts more than once",
  ],
  [
    "a ballot of a stranger",
    `delete from register_entries where household_id = (select household_id from ballots where ${one("ballots")})`,
    "not on its register",
  ],
  [
    "a result that is not the box's",
    "update proposals set result = replace(result, '\"households\":84', '\"households\":85') where state = 'revealed'",
    "is not what the ballots say",
  ],
  [
    "a row that refers to nothing",
    "pragma foreign_keys = off; update households set unit_id = 'nowhere' where sort = 3",
    "what it refers to in units is gone",
  ],
];

test.each(faults)("[CL-7] finds %s", async (_, sql, finding) => {
  const { code, stdout, stderr } = await checkAfter((database) => database.exec(sql));
  expect(stdout).toContain(finding);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
});

test("[CL-7] finds an update that builds on one that is not there", async () => {
  const doc = new Y.Doc();
  doc.getText("notice").insert(0, "先写的");
  const before = Y.encodeStateVector(doc);
  doc.getText("notice").insert(3, "后写的");
  const orphan = Y.encodeStateAsUpdate(doc, before);
  const { code, stdout } = await checkAfter((database) =>
    database.prepare("update board_updates set data = ?").run(orphan),
  );
  expect(stdout).toContain("builds on an update that is not there");
  expect(code).toBe(1);
});

test("[CL-7] finds a damaged file", async () => {
  const dataDir = join(folder, "damaged");
  mkdirSync(dataDir);
  const file = join(dataDir, "yuanba.sqlite");
  copyFileSync(sound, file);
  const handle = openSync(file, "r+");
  const size = readFileSync(file).length;
  for (let page = 20; page * 4096 < size - 4096; page += 7)
    writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, page * 4096);
  const { code, stderr } = await yuanba(["check"], { DATA_DIR: dataDir });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
});
