import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpLimits } from "../../server/http/api.ts";
import { entryLimits } from "../../server/identity/limits.ts";
import { sessionCookie } from "../../server/identity/sessions.ts";
import type { Seeded } from "../server/seeded.ts";
import { bearer } from "../server/yard.ts";
import { until } from "../services/until.ts";
import { ask } from "./ask.ts";
import { type BoardWriter, missing, openWriter } from "./board-writer.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { type Neighbour, openNeighbour } from "./neighbour.ts";

let cluster: Cluster;
const opened: { close(): void }[] = [];

beforeAll(async () => {
  // Each provider of y-websocket listens for the end of the process.
  process.setMaxListeners(100);
  cluster = await openCluster();
});
afterAll(async () => {
  for (const client of opened) client.close();
  await cluster?.close();
});

/** Two neighbours at every board. */
async function peopleAtTheirBoards(): Promise<BoardWriter[]> {
  const seats = cluster.courtyards.flatMap((seeded) => [0, 1].map((index) => ({ seeded, index })));
  const people = await Promise.all(
    seats.map(({ seeded, index }) => openWriter(cluster.wsUrl, seeded, index)),
  );
  opened.push(...people);
  return people;
}

/** What each household sends as its session, and the key the proxy makes of it: half of them cookies, half headers. */
const headersOf = ({ households }: Seeded): { key: string; headers: Record<string, string> }[] =>
  households.map(({ token }, index) =>
    index % 2 === 0
      ? { key: token, headers: { cookie: `${sessionCookie}=${token}` } }
      : { key: bearer(token).authorization, headers: bearer(token) },
  );

const sessionsOfNodes = (seeded: Seeded): number[] =>
  cluster.nodes.map((node) => headersOf(seeded).filter(({ key }) => cluster.nodeFor(key) === node).length);

const socketsOfNodes = () => Promise.all(cluster.nodes.map((node) => node.metric("sockets_open")));

/** A courtyard whose sessions do not all belong to one node. */
function chattingCourtyard(): Seeded {
  const seeded = cluster.courtyards.find((each) => Math.min(...sessionsOfNodes(each)) > 0);
  if (!seeded) throw new Error("there is no courtyard with sessions on both nodes");
  return seeded;
}

/** Its households in its chat. */
async function peopleInTheChat(transport: "polling" | "websocket"): Promise<Neighbour[]> {
  const seeded = chattingCourtyard();
  const people = await Promise.all(
    headersOf(seeded).map(({ headers }) =>
      openNeighbour(cluster.url, { channelId: seeded.channelId, headers, transport }),
    ),
  );
  opened.push(...people);
  return people;
}

async function everyoneHears(people: readonly Neighbour[], messageIds: readonly string[]): Promise<void> {
  await until("everyone has heard what was said", () =>
    people.every((person) => messageIds.every((id) => person.hasHeard(id))),
  );
}

const everyoneHasLeft = () =>
  until("every socket is closed", async () => (await socketsOfNodes()).every((open) => open === 0));

const roomsOfNodes = () => Promise.all(cluster.nodes.map((node) => node.metric("boards_rooms")));

describe("the shipped proxy before two nodes", () => {
  it("brings all sockets of a board to one node, and spreads the boards as the ring of the simulation says", async () => {
    const people = await peopleAtTheirBoards();
    const expected = cluster.nodes.map(
      (node) => cluster.courtyards.filter(({ boardId }) => cluster.nodeFor(boardId) === node).length,
    );
    expect(await roomsOfNodes()).toEqual(expected);
    expect(Math.min(...expected)).toBeGreaterThan(1);
    for (const person of people) person.write();
    await until("neighbours have each other's edits", () => missing(people).length === 0);
    for (const person of people) person.close();
    await everyoneHasLeft();
  });

  it.each(["polling", "websocket"] as const)(
    "keeps a client whose Socket.IO is all %s on the node of its session, where it is answered and hears",
    async (transport) => {
      const people = await peopleInTheChat(transport);
      // Where its session belongs, which is not where its address belongs.
      expect(await socketsOfNodes()).toEqual(sessionsOfNodes(chattingCourtyard()));
      const said = await Promise.all(people.map((person) => person.say("有人吗")));
      await everyoneHears(people, said);
      expect(people.map((person) => [person.transport(), person.connects()])).toEqual(
        people.map(() => [transport, 1]),
      );
      for (const person of people) person.close();
      await everyoneHasLeft();
    },
  );
});

describe("what the shipped proxy lets in", () => {
  it("answers plain HTTP with the way to TLS", async () => {
    const answer = await fetch(`${cluster.plainUrl}/j/K7`, { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([301, "https://127.0.0.1/j/K7"]);
  });

  it("shows metrics and readiness to nobody outside, however the path is written, and health to all", async () => {
    const paths = [
      "/metrics",
      "/Metrics",
      "/metrics/",
      "//metrics",
      "/%6detrics",
      "/x/../metrics",
      "/readyz",
      "/READYZ/",
    ];
    for (const path of paths) {
      const { status, text } = await ask(`${cluster.url}${path}`);
      expect([path, status, text.includes("yuanba_")]).toEqual([path, 404, false]);
    }
    expect((await ask(`${cluster.url}/healthz`)).text).toBe('{"status":"alive"}');
    // What a client asks of its own page is not asked of the node that is to be alive.
    const kept = { headers: { "if-none-match": "*" } };
    expect((await ask(`${cluster.url}/healthz`, kept)).status).toBe(304);
    const inside = await fetch(`${cluster.nodes[0].url}/readyz`);
    expect(inside.status).toBe(200);
  });

  it("tells the nodes who asks: a claimed address changes nothing, and two addresses are two", async () => {
    const guess = (from: string, index: number) =>
      ask(`${cluster.url}/api/v1/invitations/look-up`, {
        from,
        method: "POST",
        headers: { "content-type": "application/json", "x-forwarded-for": `10.0.0.${index}` },
        body: JSON.stringify({ code: `GVESSXDY${10 + index}` }),
      });
    const { points } = entryLimits.failuresOfAddress;
    const guesser = "127.0.0.2";
    const statuses: number[] = [];
    for (let index = 0; index <= points; index++) statuses.push((await guess(guesser, index)).status);
    expect(statuses).toEqual([...Array.from({ length: points }, () => 404), 429]);
    // Someone else whom the ring brings to the same node, where the counter is.
    const node = cluster.nodeFor(guesser);
    const others = Array.from({ length: 200 }, (_, index) => `127.0.1.${index + 1}`);
    const other = others.find((address) => cluster.nodeFor(address) === node) ?? "";
    expect((await guess(other, 0)).status).toBe(404);
  });

  it("takes every body the API takes, leaves the refusal of a larger one to it, and stops what is far too large", async () => {
    const { courtyardId = "", officer, households: [resident] = [] } = cluster.courtyards[0] ?? {};
    const upload = async (bytes: number, by = officer) => {
      const answer = await ask(`${cluster.url}/api/v1/courtyards/${courtyardId}/imports/items`, {
        method: "POST",
        headers: { ...bearer(by?.token ?? ""), origin: cluster.url },
        body: Buffer.alloc(bytes, "a"),
      });
      const said = answer.text.startsWith("{") ? JSON.parse(answer.text).error.code : null;
      return [answer.status, said];
    };
    expect(await upload(httpLimits.fileBytes)).toEqual([422, "file-unreadable"]);
    expect(await upload(httpLimits.fileBytes, resident)).toEqual([403, "not-allowed"]);
    expect(await upload(httpLimits.fileBytes + 1)).toEqual([413, "too-large"]);
    expect(await upload(2 * httpLimits.fileBytes)).toEqual([413, null]);
  });
});

describe("when nodes come and go", () => {
  it("takes the boards and chats of a killed node to the other, and what was written meanwhile is whole", async () => {
    const [lost, kept] = cluster.nodes;
    const people = await peopleAtTheirBoards();
    const talkers = [...(await peopleInTheChat("polling")), ...(await peopleInTheChat("websocket"))];
    for (const person of people) person.write();
    await until("neighbours have each other's edits", () => missing(people).length === 0);
    lost.service.signal("SIGKILL");
    for (const person of people) person.write();
    const said = await Promise.all(talkers.map((talker) => talker.say("断了吗")));
    await everyoneHears(talkers, said);
    await until("neighbours have what was written meanwhile", () => missing(people).length === 0);
    expect(await kept.metric("boards_rooms")).toBe(cluster.courtyards.length);
    for (const talker of talkers) expect(talker.heard()).toEqual(talker.heard().toSorted((a, b) => a - b));
    await lost.start();
    for (const person of [...people, ...talkers]) person.close();
  });

  it("[FO-19] passes over a node that is frozen and still takes connections, and nobody misses anything then or when it wakes", async () => {
    const [frozen, kept] = cluster.nodes;
    const people = await peopleAtTheirBoards();
    for (const person of people) person.write();
    await until("neighbours have each other's edits", () => missing(people).length === 0);
    frozen.service.signal("SIGSTOP");
    try {
      for (const person of people) person.write();
      // What a phone does when it has heard nothing for half a minute.
      for (const { provider } of people) {
        provider.disconnect();
        provider.connect();
      }
      const talkers = await peopleInTheChat("websocket");
      const said = await Promise.all(talkers.map((talker) => talker.say("还在吗")));
      await everyoneHears(talkers, said);
      await until("neighbours have what was written meanwhile", () => missing(people).length === 0, 20_000);
      expect(await kept.metric("boards_rooms")).toBe(cluster.courtyards.length);
      // From so many addresses that some are meant for the frozen one.
      const pages = await Promise.all(
        Array.from({ length: 12 }, (_, at) => ask(`${cluster.url}/`, { from: `127.0.1.${at + 1}` })),
      );
      expect(pages.map(({ status }) => status)).toEqual(pages.map(() => 200));
      for (const talker of talkers) talker.close();
    } finally {
      frozen.service.signal("SIGCONT");
    }
    for (const person of people) person.write();
    await until("neighbours have each other's edits again", () => missing(people).length === 0);
    for (const person of people) person.close();
  });

  /** @param within milliseconds until all of it is on the other node; a bound against hanging */
  const losesTheDatabase = async (takeAway: () => unknown, within: number) => {
    const [cut, kept] = cluster.nodes;
    const people = await peopleAtTheirBoards();
    for (const person of people) person.write();
    await until("neighbours have each other's edits", () => missing(people).length === 0);
    expect(await cut.metric("boards_rooms")).toBeGreaterThan(0);
    await takeAway();
    try {
      for (const person of people) person.write();
      await until("neighbours have what was written meanwhile", () => missing(people).length === 0, within);
      expect(await kept.metric("boards_rooms")).toBe(cluster.courtyards.length);
    } finally {
      await cluster.toDatabase.mend();
    }
    for (const person of people) person.close();
  };

  // A commit is tried for ten seconds before its board is given up.
  it("[FO-19] takes the boards of a node that has lost the database to the other, with what was not saved", () =>
    losesTheDatabase(() => cluster.toDatabase.refuse(), 30_000));

  // And where nothing is answered, not even a refusal, an upgrade is given up after ten more.
  it("[FO-19] takes them there as well when the line to the database is open and carries nothing", () =>
    losesTheDatabase(() => cluster.toDatabase.hold(), 45_000));

  it("replaces both nodes one after the other while people write and talk, and nobody misses anything", async () => {
    const people = await peopleAtTheirBoards();
    const talkers = [...(await peopleInTheChat("polling")), ...(await peopleInTheChat("websocket"))];
    const said: string[] = [];
    let replacing = true;
    const writing = (async () => {
      while (replacing) {
        for (const person of people) person.write();
        const talker = talkers[said.length % talkers.length];
        if (talker) said.push(await talker.say(`第 ${said.length} 句`));
      }
    })();
    for (const node of cluster.nodes) {
      const before = said.length;
      node.service.signal("SIGTERM");
      await node.service.ended;
      await until("people talk on", () => said.length > before);
      await node.start();
    }
    replacing = false;
    await writing;
    await everyoneHears(talkers, said);
    await until("neighbours have each other's edits", () => missing(people).length === 0);
    for (const person of [...people, ...talkers]) person.close();
  });
});
