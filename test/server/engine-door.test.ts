import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";

import { gatewayLimits } from "../../server/sockets/gateway-limits.ts";
import { protocolVersion } from "../../shared/wire/protocol.ts";
import { until } from "../services/until.ts";
import { openSocket } from "./socket-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

let yard: Yard;
const open: WebSocket[] = [];
beforeEach(async () => {
  yard = await openYard();
});
afterEach(async () => {
  for (const webSocket of open.splice(0)) webSocket.terminate();
  await yard.close();
});

const most = gatewayLimits.socketsPerAccount;
const path = "/socket.io/?EIO=4&transport=websocket";
const hello = `40${JSON.stringify({ protocol: protocolVersion })}`;

/** Someone with so many sessions. */
const withSessions = async (sessions: number): Promise<string[]> => {
  const { token, residentId } = await yard.resident("1-1-101");
  const { communityId } = yard;
  const start = () =>
    yard.app.storage.write((tx) => yard.app.sessions.start(tx, { communityId, residentId, device: "test" }));
  const more = await Promise.all(Array.from({ length: sessions - 1 }, start));
  return [token, ...more.map((each) => each.token)];
};

interface Line {
  webSocket: WebSocket;
  heard: string[];
}

/** A WebSocket of Engine.IO that says nothing by itself, or the status that refuses it. */
async function come(token: string, query = ""): Promise<Line | number> {
  const webSocket = new WebSocket(`${yard.wsUrl}${path}${query}`, { headers: bearer(token) });
  open.push(webSocket);
  const heard: string[] = [];
  webSocket.on("error", () => {}).on("message", (data) => heard.push(String(data)));
  return new Promise((resolve) => {
    webSocket.once("open", () => resolve({ webSocket, heard }));
    webSocket.once("unexpected-response", (_request, { statusCode = 0 }) => resolve(statusCode));
  });
}
const enter = async (token: string): Promise<Line> => {
  const line = await come(token);
  if (typeof line === "number") throw new Error(`refused with ${line}`);
  return line;
};

/** Sooner than by the heartbeat, which these do not answer. */
const ended = ({ webSocket }: Line) => until("it is ended", () => webSocket.readyState === WebSocket.CLOSED);

const poll = (token: string) =>
  fetch(`${yard.url}/socket.io/?EIO=4&transport=polling`, { headers: bearer(token) });
const sidOf = async (token: string): Promise<string> =>
  (JSON.parse((await (await poll(token)).text()).slice(1)) as { sid: string }).sid;

/** Questions to the database who somebody is. */
const countQuestions = () => {
  const { sessions } = yard.app;
  const honest = sessions.authenticate;
  const count = { asked: 0 };
  sessions.authenticate = (...given) => {
    count.asked++;
    return honest(...given);
  };
  return count;
};

describe("connections that never say who they are", () => {
  it("[HT-20 INV-11] count among those of their person from the first, however they come", async () => {
    const tokens = await withSessions(4);
    const wanted = most + 20;
    const came = await Promise.all(Array.from({ length: wanted }, (_, at) => come(tokens[at % 4] ?? "")));
    const lines = came.filter((line) => typeof line !== "number");
    expect(lines).toHaveLength(most);
    expect(new Set(came.filter((line) => typeof line === "number"))).toEqual(new Set([429]));
    const refused = await poll(tokens[0] ?? "");
    expect([refused.status, await refused.json()]).toMatchObject([403, { message: "rate-limited" }]);
    (await openSocket(yard.url, (await yard.resident("1-1-101")).token)).close();
    lines[0]?.webSocket.terminate();
    await until("there is a place again", async () => (await poll(tokens[1] ?? "")).status === 200);
    expect(await come(tokens[2] ?? "")).toBe(429);
    expect(lines.slice(1).every(({ webSocket }) => webSocket.readyState === WebSocket.OPEN)).toBe(true);
  });

  it("[HT-20 INV-11] take no more places by polling, all in the same moment", async () => {
    const tokens = await withSessions(4);
    const wanted = most + 20;
    const { sessions } = yard.app;
    const honest = sessions.authenticate;
    let [waiting, open] = [0, () => {}];
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    sessions.authenticate = async (...given) => {
      const session = await honest(...given);
      waiting++;
      await gate;
      return session;
    };
    const asked = Array.from({ length: wanted }, (_, at) => poll(tokens[at % 4] ?? ""));
    await until("all are known", () => waiting === wanted);
    open();
    const answers = await Promise.all(asked);
    const begun = await Promise.all(answers.filter(({ ok }) => ok).map((answer) => answer.text()));
    expect(begun.length).toBeGreaterThanOrEqual(most);
    // Who was let in with others at the same moment, and is one too many, is closed at once.
    const sids = begun.map((text) => (JSON.parse(text.slice(1)) as { sid: string }).sid);
    const known = await Promise.all(
      sids.map((sid) =>
        fetch(`${yard.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: "POST", body: "3" }),
      ),
    );
    expect(known.filter(({ ok }) => ok)).toHaveLength(most);
    expect(yard.app.openConnections()).toBe(most);
  });

  it("[HT-20 INV-11] begin no more often than others do", async () => {
    const [token = ""] = await withSessions(1);
    const { points } = gatewayLimits.connects;
    for (let at = 0; at < points; at++) (await enter(token)).webSocket.terminate();
    const { asked } = countQuestions();
    expect([await come(token), (await poll(token)).status, asked]).toEqual([429, 403, 0]);
  });

  it("[HT-20 INV-11] have a place for the WebSocket that a polling client goes on by, and for nothing else", async () => {
    const [token = "", other = ""] = await withSessions(2);
    expect(await come(token, "&sid=AAAAAAAAAAAAAAAAAAAA")).toBe(400);
    const sid = await sidOf(token);
    // What is there twice is read as Engine.IO reads it.
    expect(await come("x".repeat(43), `&sid=${sid}&sid=`)).toBe(401);
    const lines = await Promise.all(
      Array.from({ length: most - 2 }, (_, at) => enter(at % 2 ? token : other)),
    );
    const probe = await come(token, `&sid=${sid}`);
    expect(typeof probe).toBe("object");
    expect(await come(other)).toBe(429);
    expect(lines).toHaveLength(most - 2);
  });
});

describe("a connection whose CONNECT is refused", () => {
  it("[HT-25] is told why, and ended", async () => {
    const [token = ""] = await withSessions(1);
    const line = await enter(token);
    line.webSocket.send(`40${JSON.stringify({ protocol: 0 })}`);
    await ended(line);
    expect(line.heard.filter((packet) => packet.startsWith("44"))).toHaveLength(1);
    expect(line.heard.at(-1)).toContain("protocol-unsupported");
    // A client that polls has its reason, too.
    const sid = await sidOf(token);
    const at = `${yard.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    await fetch(at, { method: "POST", body: `40${JSON.stringify({ protocol: 0 })}` });
    expect(await (await fetch(at)).text()).toContain("protocol-unsupported");
    const [close, between] = ["1", "\u001e"];
    expect((await (await fetch(at)).text()).split(between).at(-1)).toBe(close);
    await until("every place is free", () => yard.app.openConnections() === 0);
  });

  it("[HT-25 INV-11] asks the database no more than one that is let in, however often it is sent in one write", async () => {
    const [token = ""] = await withSessions(1);
    const lines = await Promise.all(Array.from({ length: 10 }, () => enter(token)));
    const count = countQuestions();
    for (const { webSocket } of lines) for (let n = 0; n < 20; n++) webSocket.send(hello);
    await Promise.all(lines.map(ended));
    // Who it is, and once more when it can be ended with its session.
    expect(count.asked).toBeLessThanOrEqual(2 * lines.length);
    for (const { heard } of lines) expect(heard.some((packet) => packet.includes("rate-limited"))).toBe(true);
    await until("every place is free", () => yard.app.openConnections() === 0);
  });

  it("[HT-25 INV-11] carries one socket, and ends with it", async () => {
    const [token = ""] = await withSessions(1);
    const again = await enter(token);
    again.webSocket.send(hello);
    await until("it is welcomed", () => again.heard.some((packet) => packet.startsWith("42")));
    const count = countQuestions();
    again.webSocket.send(hello);
    await ended(again);
    const left = await enter(token);
    count.asked = 0;
    left.webSocket.send(hello);
    await until("it is welcomed", () => left.heard.some((packet) => packet.startsWith("42")));
    const { asked } = count;
    left.webSocket.send("41");
    await ended(left);
    expect(count.asked).toBe(asked);
  });
});
