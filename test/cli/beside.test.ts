import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DemoPlan } from "../../server/demo/plan-types.ts";
import { readCell } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { seedFolder } from "../demo/applied.ts";
import { openBoard } from "../server/board-client.ts";
import { openSocket } from "../server/socket-client.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { post, type Running, startServer, tokenIn, yuanba } from "./yuanba.ts";

/** A server over a seeded courtyard, with commands run beside it. */
let folder: string;
let dataDir: string;
let plan: DemoPlan;
let server: Running;
beforeAll(async () => {
  folder = await makeScratch("beside");
  dataDir = join(folder, "data");
  plan = await seedFolder(dataDir, "courtyard", Date.now());
  server = await startServer({ DATA_DIR: dataDir });
});
afterAll(() => server.service.stop());

const env = () => ({ DATA_DIR: dataDir });
const courtyard = () => plan.courtyards[0]?.id ?? "";
const residents = (householdId: string) => plan.residents.filter((each) => each.householdId === householdId);
const token = async (...args: string[]) => {
  const outcome = await yuanba(["token", "--courtyard", courtyard(), ...args], env());
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  expect(outcome.stdout).toMatch(/^[\w-]{43}\n$/);
  return outcome.stdout.trim();
};
const me = async (session: string) => {
  const client = await openSocket(server.url, session);
  client.close();
  const { snapshot } = client.welcome;
  if (snapshot?.audience !== "person") throw new Error("This is not a person's session.");
  return snapshot.identity;
};

test("[CL-4] a token is one of the household's people, for HTTP, Socket.IO and the board", async () => {
  const home = plan.households.find(({ id }) => residents(id).length > 0);
  if (!home) throw new Error("nobody lives here");
  const session = await token("--household", home.label);
  const http = await fetch(`${server.url}/api/v1/session`, {
    headers: { authorization: `Bearer ${session}` },
  });
  expect(await http.json()).toEqual({ holder: "person", needsPassword: false });
  const person = await me(session);
  expect(residents(home.id).map(({ id }) => id)).toContain(person.residentId);
  const board = await openBoard(server.wsUrl, plan.boards[0]?.id ?? "", session);
  const before = readCell(board.doc, home.id).length;
  addItem(board.doc, home.id, "fromatool", { title: "卷尺", category: "tools", note: "", quantity: 1 });
  const other = await openBoard(server.wsUrl, plan.boards[0]?.id ?? "", await token("--household", home.id));
  await until("the other sees it", () => readCell(other.doc, home.id).length === before + 1);
  board.close();
  other.close();
});

test("[CL-4] a household without residents gets one for its tools, once", async () => {
  const home = plan.households.find(({ id }) => residents(id).length === 0);
  if (!home) throw new Error("somebody lives everywhere");
  const first = await me(await token("--household", home.id));
  expect(first).toMatchObject({ displayName: "设备", household: { householdId: home.id } });
  expect((await me(await token("--household", home.id))).residentId).toBe(first.residentId);
});

test("[CL-4] a role gets a person of its own; nobody who lives there is given more", async () => {
  const home = plan.households.find(({ id }) => residents(id).length > 0);
  if (!home) throw new Error("nobody lives here");
  const steward = await me(await token("--household", home.id, "--role", "steward"));
  expect(steward).toMatchObject({ displayName: "设备", household: { householdId: home.id } });
  expect(steward.abilities).toContain("board.edit-any-cell");
  const officer = await me(await token("--role", "officer"));
  expect(officer.household).toBeNull();
  expect(officer.abilities).toContain("import.run");
  expect((await me(await token("--household", home.id))).abilities).not.toContain("board.edit-any-cell");
  const wall = await openSocket(server.url, await token("--role", "kiosk"));
  expect(wall.welcome.snapshot?.audience).toBe("wall");
  wall.close();
});

test("[CL-4] an unknown courtyard or household is said, with those there are", async () => {
  const nowhere = await yuanba(["token", "--courtyard", "x", "--household", "1-1-101"], env());
  expect(nowhere).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(courtyard()) });
  const nobody = await yuanba(["token", "--courtyard", courtyard(), "--household", "9-9-909"], env());
  expect(nobody).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("9-9-909") });
});

test("[CL-5] a printed code opens the household's door, and the one before no more", async () => {
  const invite = async () =>
    (await yuanba(["invite", "--courtyard", courtyard(), "--door", "3栋2单元501"], env())).stdout.trim();
  const first = await invite();
  const second = await invite();
  const lookUp = (code: string) => post(server.url, "/invitations/look-up", { code });
  expect(await (await lookUp(second)).json()).toMatchObject({ kind: "household", door: "3-2-501" });
  expect(await (await lookUp(first)).json()).toMatchObject({ error: { code: "code-revoked" } });
  const joined = await post(server.url, "/join", {
    code: second,
    displayName: "新来的",
    attempt: "attempt-of-this-test-1",
  });
  expect((await me(tokenIn(joined))).household?.door).toBe("3-2-501");
});

test("[CL-6] a backup made beside the server is whole, and becomes a server again", async () => {
  const file = join(folder, "backup.sqlite");
  expect(await yuanba(["backup", file], env())).toMatchObject({ code: 0, stderr: "" });
  const bytes = readFileSync(file);
  const again = await yuanba(["backup", file], env());
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("exists already") });
  expect(readFileSync(file).equals(bytes)).toBe(true);

  const restored = { DATA_DIR: join(folder, "restored") };
  expect(await yuanba(["restore", file], restored)).toMatchObject({ code: 0, stderr: "" });
  expect(await yuanba(["check"], restored)).toMatchObject({ code: 0, stdout: "Everything is in order.\n" });
  const refused = await yuanba(["restore", file], restored);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("holds a database already") });
  const session = await token("--role", "officer");
  const copy = await startServer(restored);
  const old = await fetch(`${copy.url}/api/v1/session`, { headers: { authorization: `Bearer ${session}` } });
  expect(await old.json()).toEqual({ holder: null, needsPassword: false });
  await copy.service.stop();
});

test("[CL-6] what is not a whole backup is refused, and leaves nothing behind", async () => {
  const list = join(folder, "list.csv");
  writeFileSync(list, "锤子,螺丝刀\n".repeat(500));
  const other = join(folder, "other.sqlite");
  const database = new DatabaseSync(other);
  database.exec("create table things (id)");
  database.close();
  const half = join(folder, "half.sqlite");
  writeFileSync(half, readFileSync(join(folder, "backup.sqlite")).subarray(0, 200_000));
  const into = join(folder, "untouched");
  mkdirSync(into);
  for (const file of [list, other, half]) {
    const outcome = await yuanba(["restore", file], { DATA_DIR: into });
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining("is not a whole backup") });
    expect(existsSync(join(into, "yuanba.sqlite"))).toBe(false);
  }
});

test("[CL-7] the check runs beside the server and finds nothing", async () => {
  expect(await yuanba(["check"], env())).toEqual({
    code: 0,
    stdout: "Everything is in order.\n",
    stderr: "",
  });
});

test("[CL-9] an export runs beside the server", async () => {
  const items = join(folder, "items.csv");
  const households = join(folder, "households.xlsx");
  const files = ["--items", items, "--households", households];
  const outcome = await yuanba(["export", "--courtyard", "晋院 26 号", ...files], env());
  expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining("148 rows") });
  expect(readFileSync(items, "utf8")).toMatch(/^\uFEFF?门牌,物品,类别,数量,备注/);
  expect(readFileSync(households).subarray(0, 2).toString()).toBe("PK");
});

test("[CL-10] what would change boards or tables behind the server's back is refused", async () => {
  const items = join(folder, "items.csv");
  for (const args of [["import", "--courtyard", courtyard(), "--items", items], ["migrate"]]) {
    const outcome = await yuanba(args, env());
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining("Another Yuanba is using") });
  }
});
