import { readFileSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, toConfig } from "../../server/config/config.ts";
import { protocolPage } from "../../server/docs/protocol.ts";
import { withSettings } from "../../server/docs/settings.ts";
import { httpLimits } from "../../server/http/api.ts";
import { until } from "../services/until.ts";
import { Gate } from "../sync/memory-store.ts";
import { openSocket } from "./socket-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

let yard: Yard;
beforeAll(async () => {
  yard = await openYard();
});
afterAll(() => yard.close());

const docs = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(`${yard.url}/api/v1${path}`, {
    method: "POST",
    body: body as BodyInit,
    headers: { "content-type": "application/json", ...headers },
  });

describe("HTTP", () => {
  it("[HT-8] says alive and ready, and the metrics name no person and no place", async () => {
    const { token, residentId } = await yard.resident("1-1-101");
    (await openSocket(yard.url, token)).close();
    expect(await (await fetch(`${yard.url}/healthz`)).json()).toEqual({ status: "alive" });
    expect(await (await fetch(`${yard.url}/readyz`)).json()).toEqual({
      status: "ready",
      problems: [],
      degraded: [],
    });
    const metrics = await (await fetch(`${yard.url}/metrics`)).text();
    expect(metrics).toContain("yuanba_sockets_open");
    expect(metrics).toContain("yuanba_boards_commits");
    for (const secret of [residentId, yard.courtyardId, yard.boardId, "邻居", "26 号院", token]) {
      expect(metrics).not.toContain(secret);
    }
  });

  it("[HT-9] pages come with a strict policy; assets are kept for ever, the page never", async () => {
    const page = await fetch(`${yard.url}/board`, { headers: { accept: "text/html" } });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(page.status).toBe(200);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|<style/);
    const asset = /src="(\/assets\/[^"]+)"/.exec(html)?.[1] ?? "";
    expect((await fetch(`${yard.url}${asset}`)).headers.get("cache-control")).toContain("immutable");
    const worker = await fetch(`${yard.url}/service-worker.js`);
    expect([worker.status, worker.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    const encoding = async (accepted: string) =>
      (await fetch(`${yard.url}${asset}`, { headers: { "accept-encoding": accepted } })).headers.get(
        "content-encoding",
      );
    expect([await encoding("br, gzip"), await encoding("gzip"), await encoding("identity")]).toEqual([
      "br",
      "gzip",
      null,
    ]);
    expect((await fetch(`${yard.url}/assets/nothing.js`)).status).toBe(404);
    expect((await fetch(`${yard.url}/..%2fpackage.json`)).headers.get("content-type")).not.toContain("json");
  });

  it("[HT-18 INV-11] an upload that is cut while it is asked whose it is takes no place", async () => {
    const path = `/courtyards/${yard.courtyardId}/imports/items`;
    const headers = bearer((await yard.resident(null, ["officer"])).token);
    const { sessions } = yard.app;
    const honest = sessions.authenticate;
    const gate = new Gate();
    gate.shut();
    const lines: Socket[] = [];
    sessions.authenticate = async (...asked) => {
      const session = await honest(...asked);
      lines.push(asked[0].socket);
      await gate.pass();
      return session;
    };
    const { port } = new URL(yard.url);
    const upload = request({ port, path: `/api/v1${path}`, method: "POST", headers });
    upload.on("error", () => {});
    upload.write("名称");
    await until("it is asked whose it is", () => gate.waiting === 1);
    upload.destroy();
    await until("the line is gone", () => lines.every(({ destroyed }) => destroyed));
    sessions.authenticate = honest;
    gate.open();
    await until("the same person is taken", async () => (await post(path, "x", headers)).status !== 429);
  });

  it("[HT-18 INV-11] reads no body of who may not send it, and few files at the same time, one of each person", async () => {
    const file = new Uint8Array(6 * 1024 * 1024);
    const path = `/courtyards/${yard.courtyardId}/imports/items`;
    const officer = async () => bearer((await yard.resident(null, ["officer"])).token);
    const { port } = new URL(yard.url);
    const held: ClientRequest[] = [];
    /** Sends a piece of a file. @returns the status it is answered by now; null while the server waits for more */
    const begin = async (headers: Record<string, string>) => {
      const upload = request({ port, path: `/api/v1${path}`, method: "POST", headers });
      let status: number | null = null;
      upload
        .on("error", () => {})
        .on("response", (response) => {
          status = response.resume().statusCode ?? 0;
        });
      held.push(upload);
      await new Promise((sent) => upload.write("名称", sent));
      return () => status;
    };
    expect((await post(path, file)).status).toBe(401);
    expect((await post(path, file, { origin: "https://elsewhere.example" })).status).toBe(403);
    const strangers = [
      bearer((await yard.resident("1-1-201")).token),
      bearer((await yard.resident(null, ["facilitator"])).token),
      bearer((await yard.kiosk()).token),
    ];
    const everyone = Array.from({ length: 4 }, () => strangers).flat();
    const refused = await Promise.all(everyone.map(begin));
    await until("none of them is waited for", () => refused.every((status) => status() === 403));

    const first = await officer();
    const [one, two] = [await begin(first), await begin(first)];
    await until("a second file of one person is refused", () => two() === 429);
    expect(one()).toBeNull();
    expect((await post(path, "x", await officer())).status).not.toBe(429);
    for (let more = 1; more < httpLimits.filesAtOnce; more++) await begin(await officer());
    const late = await officer();
    await until("all places are taken", async () => (await post(path, "x", late)).status === 429);
    for (const upload of held) upload.destroy();
    await until("there is room again", async () => (await post(path, "x", late)).status !== 429);
  });

  it("[HT-10] refuses bodies that are too large, not JSON or not of the schema", async () => {
    const codeOf = async (response: Response) => [response.status, (await response.json()).error.code];
    expect(await codeOf(await post("/join", "{".padEnd(200_000, " ")))).toEqual([413, "too-large"]);
    expect(await codeOf(await post("/join", "{not json"))).toEqual([400, "invalid-input"]);
    expect(await codeOf(await post("/join", JSON.stringify({ code: 5 })))).toEqual([400, "invalid-input"]);
    expect(await codeOf(await post("/join", "{}", { "content-type": "text/plain" }))).toEqual([
      400,
      "invalid-input",
    ]);
    expect(await codeOf(await post("/nowhere", "{}"))).toEqual([404, "not-found"]);
    expect(await codeOf(await post("/password", "{}"))).toEqual([401, "not-signed-in"]);
    expect((await fetch(`${yard.url}/api/v1/proposals/%E0%A4%A/result.csv`)).status).toBe(400);
  });

  it("[HT-12] the pages generated from the program are fresh", () => {
    expect(docs("protocol.md"), "run: npm run docs").toBe(protocolPage());
    expect(docs("operating.md"), "run: npm run docs").toBe(withSettings(docs("operating.md")));
  });

  it("[HT-12] the OpenAPI description names every route", async () => {
    const description = await (await fetch(`${yard.url}/api/v1/openapi.json`)).json();
    expect(description.openapi).toBe("3.1.0");
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(["/api/v1/join", "/api/v1/session"]),
    );
  });

  it("[HT-3] the session route tells a page whether it must sign in", async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${yard.url}/api/v1/session`, { headers })).json();
    expect(await ask({})).toMatchObject({ holder: null });
    expect(await ask(bearer((await yard.resident("1-1-101")).token))).toMatchObject({ holder: "person" });
    expect(await ask({ cookie: `yuanba_session=${(await yard.kiosk()).token}` })).toMatchObject({
      holder: "kiosk",
    });
  });
});

describe("the settings", () => {
  it("[HT-13] refuses a wrong value by the variable's name", () => {
    const wrong: Record<string, string>[] = [
      { PORT: "many" },
      { PORT: "70000" },
      { DATABASE_URL: "mysql://x" },
      { REDIS_URL: "redis://127.0.0.1" },
      { PUBLIC_URL: "yard.example" },
      { LOG_LEVEL: "loud" },
    ];
    for (const env of wrong) {
      const [name] = Object.keys(env);
      expect(() => toConfig(env)).toThrow(ConfigError);
      expect(() => toConfig(env)).toThrow(name);
    }
  });

  it("[HT-13] an empty value counts as not set", () => {
    expect(toConfig({ PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 3000, databaseUrl: null });
  });
});
