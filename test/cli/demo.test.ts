import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBoard } from "../server/board-client.ts";
import { openSocket } from "../server/socket-client.ts";
import { makeScratch } from "../services/scratch.ts";
import { post, type Running, startDemo, tokenIn, yuanba } from "./yuanba.ts";

const password = (output: string) => /with the password (\S+)/.exec(output)?.[1] ?? "";
const folder = (output: string) => /data in (\S+)/.exec(output)?.[1] ?? "";
const courtyard = (output: string) => /courtyard (\S+),/.exec(output)?.[1] ?? "";
/** What is printed under a word. */
function link(output: string, who: string): URL {
  const [, address] = new RegExp(`${who}\\n {2}(\\S+)`).exec(output) ?? [];
  if (!address) throw new Error(`No link for ${who} in:\n${output}`);
  return new URL(address);
}
const codeOf = (address: URL) => address.pathname.replace("/in/", "");

let demo: Running;
let output = "";
beforeAll(async () => {
  // A database that is set for something else must not stop the demo, and must not be written to.
  demo = await startDemo([], {
    DATABASE_URL: "postgres://127.0.0.1:1/other",
    REDIS_URL: "redis://127.0.0.1:1",
  });
  output = demo.service.output();
});
afterAll(() => demo.service.stop());

const signIn = async (who: string) => {
  const body = { code: codeOf(link(output, who)) };
  const staff = who === "facilitator" || who === "officer";
  return tokenIn(await post(demo.url, "/sign-in", staff ? { ...body, password: password(output) } : body));
};

test("[DM-20] every link opens a page", async () => {
  for (const who of ["resident", "same household", "steward", "facilitator", "officer", "kiosk"]) {
    const response = await fetch(link(output, who), { headers: { accept: "text/html" } });
    expect([who, response.status]).toEqual([who, 200]);
  }
});

test("[DM-20] the people's links sign in again and again, with the rights of their names", async () => {
  const able: Record<string, string[]> = {
    resident: ["chat.post", "proposal.vote"],
    "same household": ["chat.post", "proposal.vote"],
    steward: ["board.edit-any-cell", "resident.confirm"],
    facilitator: ["proposal.write", "kiosk.manage"],
    officer: ["import.run", "courtyard.create"],
  };
  for (const [who, abilities] of Object.entries(able)) {
    for (let visit = 0; visit < 7; visit += 1) await signIn(who);
    const client = await openSocket(demo.url, await signIn(who));
    const { snapshot } = client.welcome;
    if (snapshot?.audience !== "person") throw new Error("no snapshot");
    expect(snapshot.identity.abilities).toEqual(expect.arrayContaining(abilities));
    if (who === "resident") expect(snapshot.identity.abilities).not.toContain("proposal.write");
    client.close();
  }
});

test("[DM-20] the facilitator's link alone gives no right of the role", async () => {
  const alone = await post(demo.url, "/sign-in", { code: codeOf(link(output, "facilitator")) });
  expect(alone.status).toBe(400);
});

test("[DM-20] the kiosk's link makes any number of screens a wall", async () => {
  const secret = link(output, "kiosk").hash.slice(1);
  for (let visit = 0; visit < 3; visit += 1) {
    const token = tokenIn(await post(demo.url, "/kiosk/pairings/claim", { secret }));
    const client = await openSocket(demo.url, token);
    expect(client.welcome.snapshot?.audience).toBe("wall");
    client.close();
  }
});

test("[DM-20] the numbers of the issue are what a visitor gets", async () => {
  const client = await openSocket(demo.url, await signIn("resident"));
  const { snapshot } = client.welcome;
  if (snapshot?.audience !== "person") throw new Error("no snapshot");
  const doors = snapshot.community.places?.buildings.flatMap(({ units }) =>
    units.flatMap(({ households }) => households.map(([id]) => id)),
  );
  expect(doors).toHaveLength(148);
  expect(snapshot.proposals.proposals.map(({ state }) => state).sort()).toEqual(["open", "revealed"]);
  const token = await signIn("resident");
  const board = await openBoard(demo.wsUrl, snapshot.board.boards[0]?.id ?? "", token);
  const cells = (doors ?? []).map((id) => board.doc.getMap(`cell:${id}`).size);
  expect(cells.reduce((sum, size) => sum + size, 0)).toBe(800);
  expect(cells.filter((size) => size > 0)).toHaveLength(113);
  board.close();
  client.close();
});

test("[CL-4] a token made beside the demo works for it", async () => {
  const env = { DATA_DIR: folder(output) };
  const { stdout } = await yuanba(["token", "--courtyard", courtyard(output), "--household", "3-2-501"], env);
  const session = await fetch(`${demo.url}/api/v1/session`, {
    headers: { authorization: `Bearer ${stdout.trim()}` },
  });
  expect(await session.json()).toEqual({ holder: "person", needsPassword: false });
});

test("[DM-21] Ctrl-C ends the demo in order, and its folder is gone", async () => {
  const other = await startDemo([]);
  const dataDir = folder(other.service.output());
  expect(existsSync(dataDir)).toBe(true);
  await other.service.stop("SIGINT", 20_000);
  expect(existsSync(dataDir)).toBe(false);
  expect(other.service.output()).not.toContain("level");
});

test("[DM-22] a kept demo is gone on with; another is refused there", async () => {
  const dataDir = await makeScratch("kept");
  const first = await startDemo(["--keep", dataDir]);
  const secret = courtyard(first.service.output());
  await first.service.stop("SIGINT", 20_000);
  expect((await yuanba(["check"], { DATA_DIR: dataDir })).code).toBe(0);
  const again = await startDemo(["--keep", dataDir]);
  expect(courtyard(again.service.output())).toBe(secret);
  const code = codeOf(link(again.service.output(), "resident"));
  tokenIn(await post(again.url, "/sign-in", { code }));
  await again.service.stop("SIGINT", 20_000);
  const other = await yuanba(["demo", "--port", "0", "--seed", "7", "--keep", dataDir]);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("holds something else") });
});

test("[DM-1] the large demo shows 1,260 households", async () => {
  const large = await startDemo(["--large"]);
  expect(large.service.output()).toContain("1260 households, 9000 items");
  await large.service.stop("SIGINT", 20_000);
});
