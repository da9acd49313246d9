import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Map as YMap } from "yjs";
import { boardConnects } from "../../server/sockets/board-upgrade.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { openBoard } from "./board-client.ts";
import { openSocket } from "./socket-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

let yard: Yard;
beforeAll(async () => {
  yard = await openYard({ env: { MAX_CONNECTIONS_PER_ADDRESS: "8" } });
});
afterAll(() => yard.close());

/** Places that are taken now. */
const sockets = (): number => yard.app.openConnections();

/** What the server answers to an upgrade: 101 or the status of its refusal. */
const upgrade = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
  const socket = new WebSocket(`${yard.wsUrl}${path}`, { headers });
  const status = new Promise<number>((resolve) => {
    socket.once("open", () => resolve(101));
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.once("error", () => resolve(0));
  });
  const answer = await status;
  socket.terminate();
  return answer;
};

describe("the upgrade dispatcher", () => {
  it("[HT-1] refuses every path that is not its own", async () => {
    const { token } = await yard.resident("1-1-101");
    for (const path of [
      "/",
      "/ws",
      "/yjs",
      "/socket.io",
      "/api/v1/session",
      "/%00",
      `/yjs/${"x".repeat(60)}`,
      "/yjs/a/b",
    ]) {
      expect([path, await upgrade(path, bearer(token))]).toEqual([path, 404]);
    }
  });

  it("[HT-1] answers a request that offers another protocol as if it offered none", async () => {
    const { port } = new URL(yard.url);
    const offer = {
      connection: "Upgrade, HTTP2-Settings",
      upgrade: "h2c",
      "http2-settings": "AAMAAABkAAQAAP__",
    };
    const ask = async (path: string, method: string, body = "") => {
      const asked = request({
        port,
        path,
        method,
        headers: { ...offer, "content-type": "application/json" },
      });
      asked.end(body);
      const [response] = (await once(asked, "response")) as [IncomingMessage];
      return [response.statusCode, JSON.parse(await text(response))];
    };
    expect(await ask("/healthz", "GET")).toEqual([200, { status: "alive" }]);
    const [status, answer] = await ask("/api/v1/join", "POST", JSON.stringify({ code: 5 }));
    expect([status, answer.error.code]).toEqual([400, "invalid-input"]);
  });

  it("[HT-2] refuses a page of another site, and takes its own", async () => {
    const { token } = await yard.resident("1-1-101");
    const path = `/yjs/${yard.boardId}`;
    const host = new URL(yard.url).host;
    expect(await upgrade(path, { ...bearer(token), origin: "https://elsewhere.example" })).toBe(403);
    expect(await upgrade(path, { ...bearer(token), origin: "null" })).toBe(403);
    expect(await upgrade(path, { ...bearer(token), origin: `http://${host}` })).toBe(101);
    const post = (origin: string) =>
      fetch(`${yard.url}/api/v1/sign-out`, { method: "POST", headers: { ...bearer(token), origin } });
    expect((await post("https://elsewhere.example")).status).toBe(403);
  });

  it("[HT-3 T10] refuses who has no session before the handshake", async () => {
    expect(await upgrade(`/yjs/${yard.boardId}`)).toBe(401);
    expect(await upgrade(`/yjs/${yard.boardId}`, bearer("x".repeat(43)))).toBe(401);
    await expect(openSocket(yard.url, "x".repeat(43))).rejects.toThrow();
    await expect(openSocket(yard.url, "x".repeat(43), { transports: ["polling"] })).rejects.toThrow();
  });

  it("[HT-3] refuses a board that does not exist or is not theirs", async () => {
    const { token } = await yard.resident("1-1-101");
    expect(await upgrade("/yjs/nosuchboard1", bearer(token))).toBe(403);
  });

  it("[HT-4] refuses a screen on a board", async () => {
    const { token } = await yard.kiosk();
    expect(await upgrade(`/yjs/${yard.boardId}`, bearer(token))).toBe(403);
  });

  it("[HT-11] refuses more sockets of one address than its bound, and takes others when some have gone", async () => {
    const { token } = await yard.resident("1-1-201");
    const open = async () => {
      const socket = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers: bearer(token) });
      await once(socket, "open");
      return socket;
    };
    const sockets = await Promise.all(Array.from({ length: 8 }, open));
    expect(await upgrade(`/yjs/${yard.boardId}`, bearer(token))).toBe(429);
    for (const socket of sockets) socket.terminate();
    await until(
      "a place is free",
      async () => (await upgrade(`/yjs/${yard.boardId}`, bearer(token))) === 101,
    );
  });

  it("[HT-11] a client that polls takes a place too, and gives it back when it goes", async () => {
    const { token } = await yard.resident("1-1-201");
    const polling = { transports: ["polling" as const] };
    await until("no place is taken", () => sockets() === 0);
    const clients: Awaited<ReturnType<typeof openSocket>>[] = [];
    for (let at = 0; at < 8; at++) clients.push(await openSocket(yard.url, token, polling));
    expect(sockets()).toBe(8);
    await expect(openSocket(yard.url, token, polling)).rejects.toThrow();
    expect(await upgrade(`/yjs/${yard.boardId}`, bearer(token))).toBe(429);
    for (const client of clients) client.close();
    await until("every place is free", () => sockets() === 0);
  });

  it("[HT-11] who is refused and never closes keeps no place", async () => {
    await until("no place is taken", () => sockets() === 0);
    const refused = Array.from({ length: 8 }, () => {
      const socket = connect({
        port: Number(new URL(yard.url).port),
        host: "127.0.0.1",
        allowHalfOpen: true,
      });
      socket.on("error", () => {}).resume();
      socket.write(
        `GET /yjs/${yard.boardId} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      return socket;
    });
    await Promise.all(refused.map((socket) => once(socket, "end")));
    await until("every place is free", () => sockets() === 0);
    for (const socket of refused) socket.destroy();
  });

  it("[HT-15] a session that ends while its sockets are being let in keeps none", async () => {
    const { sessions } = yard.app;
    const onBoard = await yard.resident("1-2-101");
    const onSocket = await yard.resident("1-2-101");
    const neighbour = await yard.resident("1-2-101");
    const honest = sessions.authenticate;
    let asked = 0;
    // The moment between the answer about the session and the socket's place among those that are ended with it.
    sessions.authenticate = async (request, courtyardId) => {
      const session = await honest(request, courtyardId);
      const sessionId = session?.actor.sessionId;
      if (sessionId !== onBoard.sessionId && sessionId !== onSocket.sessionId) return session;
      // A Socket.IO client is asked for at its handshake, too: the second time is the one that lets it in.
      asked += 1;
      if (sessionId === onSocket.sessionId && asked < 3) return session;
      await yard.app.storage.write(async ({ db }) => {
        await db.updateTable("sessions").set({ ended_at: 1 }).where("id", "=", sessionId).execute();
      });
      // As every end of a session does, on the node that ends it and, told by the log, on the others.
      yard.app.rooms.closeResident(onBoard.residentId, "access-changed");
      return session;
    };
    try {
      const board = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers: bearer(onBoard.token) });
      const [code] = await once(board, "close");
      expect(code).toBe(closeCodes["session-ended"]);
      await expect(openSocket(yard.url, onSocket.token)).rejects.toThrow("closed before the welcome");
      (await openSocket(yard.url, neighbour.token)).close();
    } finally {
      sessions.authenticate = honest;
    }
  });

  it("[HT-11] refuses a person who connects to boards again and again, and nobody else", async () => {
    const { token } = await yard.resident("1-2-301");
    const answers: number[] = [];
    for (let attempt = 0; attempt <= boardConnects.points; attempt++) {
      answers.push(await upgrade(`/yjs/${yard.boardId}`, bearer(token)));
    }
    expect(answers.at(-2)).toBe(101);
    expect(answers.at(-1)).toBe(429);
    const neighbour = await yard.resident("1-2-301");
    expect(await upgrade(`/yjs/${yard.boardId}`, bearer(neighbour.token))).toBe(101);
  });

  it("[HT-1 T30] survives sockets that are reset in the middle of an upgrade", async () => {
    const { port } = new URL(yard.url);
    for (let attempt = 0; attempt < 20; attempt++) {
      const socket = connect(Number(port), "127.0.0.1");
      await once(socket, "connect");
      socket.write("GET /yjs/x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.resetAndDestroy();
    }
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
  });
});

/** What Node has set on a socket, by the name of its own symbol. */
const settingOf = (socket: object, name: string): unknown => {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);
  return symbol && (socket as Record<symbol, unknown>)[symbol];
};

describe.each([
  ["a board", () => `/yjs/${yard.boardId}`],
  ["the events", () => "/socket.io/?EIO=4&transport=websocket"],
])("a WebSocket of %s", (_line, path) => {
  it("[HT-26] is not compressed, though it is offered, and nothing sent on it is held back by the system", async () => {
    const { token } = await yard.resident("1-1-101");
    const taken: object[] = [];
    const note = (message: unknown) => void taken.push((message as { socket: object }).socket);
    subscribe("net.server.socket", note);
    const socket = new WebSocket(`${yard.wsUrl}${path()}`, {
      headers: bearer(token),
      perMessageDeflate: { threshold: 0 },
    });
    const [{ headers }] = (await once(socket, "upgrade")) as [IncomingMessage];
    unsubscribe("net.server.socket", note);
    expect(headers["sec-websocket-extensions"]).toBeUndefined();
    expect(taken.map((each) => settingOf(each, "kSetNoDelay"))).toEqual([true]);
    socket.terminate();
  });
});

describe("a stock y-websocket client", () => {
  it("[HT-14] reads the board and edits its own cell, and another stock client sees it", async () => {
    const { token } = await yard.resident("1-1-101");
    const neighbour = await yard.resident("1-1-301");
    const mine = await openBoard(yard.wsUrl, yard.boardId, token);
    const theirs = await openBoard(yard.wsUrl, yard.boardId, neighbour.token);
    const root = `cell:${yard.household("1-1-101")}`;
    const item = new YMap<unknown>();
    for (const [field, value] of Object.entries({
      title: "锤子",
      category: "tools",
      note: "",
      quantity: 1,
      order: "a0",
    })) {
      item.set(field, value);
    }
    mine.doc.getMap(root).set("hammer", item);
    await until("the neighbour sees it", () => theirs.doc.getMap(root).has("hammer"));
    const rows = await yard.app.storage.db.selectFrom("board_items").select("title").execute();
    expect(rows).toEqual([{ title: "锤子" }]);
    mine.close();
    theirs.close();
  });

  it("[HT-14] is closed with a code that keeps it away when it edits another's cell", async () => {
    const { token } = await yard.resident("1-2-101");
    const client = await openBoard(yard.wsUrl, yard.boardId, token);
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      client.provider.on("closed", (event) => resolve(event));
    });
    client.doc.getMap(`cell:${yard.household("2-2-301")}`).set("mine", new YMap());
    expect(await closed).toMatchObject({ code: 4403, reason: "forbidden" });
    client.close();
  });

  it("[HT-15] loses the board when its session ends", async () => {
    const { token, sessionId } = await yard.resident("1-2-201");
    const board = await openBoard(yard.wsUrl, yard.boardId, token);
    const socket = await openSocket(yard.url, token);
    const gone = new Promise((resolve) => socket.socket.once("disconnect", resolve));
    const second = await openSocket(yard.url, token);
    expect(await second.send("session.end", { sessionId })).toMatchObject({ ok: true });
    await gone;
    await until("the board is closed", () => !board.provider.wsconnected);
    expect(await upgrade(`/yjs/${yard.boardId}`, bearer(token))).toBe(401);
    board.close();
  });
});
