import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../server/clock.ts";
import { createGatewayCounts, gatewayLimits } from "../../server/sockets/gateway-limits.ts";
import type { Actor } from "../../shared/identity/model.ts";
import { until } from "../services/until.ts";
import { openSocket, type SocketClient } from "./socket-client.ts";
import { openYard, type Yard } from "./yard.ts";

let yard: Yard;
const open: SocketClient[] = [];
beforeAll(async () => {
  yard = await openYard();
});
afterAll(async () => {
  for (const client of open) client.close();
  await yard.close();
});

const enter = async (token: string): Promise<SocketClient> => {
  const client = await openSocket(yard.url, token);
  open.push(client);
  return client;
};

/** Someone with so many devices: a session of one person for each. */
const withDevices = async (door: string, devices: number): Promise<string[]> => {
  const { token, residentId } = await yard.resident(door);
  const { communityId } = yard;
  const more = await yard.app.storage.write(async (tx) => {
    const tokens: string[] = [];
    while (tokens.length < devices - 1)
      tokens.push((await yard.app.sessions.start(tx, { communityId, residentId, device: "test" })).token);
    return tokens;
  });
  return [token, ...more];
};

/** Before the handshake, of which a browser, and so Socket.IO's client, tells no more than that it failed. */
const refused = "websocket error";

describe("one person with many sessions", () => {
  it("[HT-20 INV-11] holds so many connections and no more, and has a place again when one has gone", async () => {
    const [first = "", second = "", third = ""] = await withDevices("1-1-101", 3);
    const most = gatewayLimits.socketsPerAccount;
    const mine: SocketClient[] = [];
    for (let at = 0; at < most; at++) mine.push(await enter(at % 2 ? first : second));
    await expect(enter(third)).rejects.toThrow(refused);
    await enter((await yard.resident("1-1-101")).token);
    mine[0]?.close();
    await until("there is a place again", () =>
      enter(third).then(
        () => true,
        () => false,
      ),
    );
    await expect(enter(third)).rejects.toThrow(refused);
    expect(mine.slice(1).every(({ socket }) => socket.connected)).toBe(true);
  });

  it("[HT-20 INV-11] holds no more when all come in the same moment", async () => {
    const tokens = await withDevices("1-1-201", 3);
    const all = Array.from({ length: gatewayLimits.socketsPerAccount + 20 }, (_, at) =>
      enter(tokens[at % 3] ?? ""),
    );
    const came = (await Promise.allSettled(all)).filter(({ status }) => status === "fulfilled");
    expect(came).toHaveLength(gatewayLimits.socketsPerAccount);
  });

  it("[HT-20 INV-11] begins so many connections in a time, and their neighbour is not asked to wait", async () => {
    const { connects } = gatewayLimits.account;
    const each = connects.points / 4;
    expect(each).toBeLessThan(gatewayLimits.connects.points);
    const tokens = await withDevices("1-2-101", 5);
    for (let at = 0; at < connects.points; at++) (await enter(tokens[Math.floor(at / each)] ?? "")).close();
    await expect(enter(tokens[4] ?? "")).rejects.toThrow(refused);
    await enter((await yard.resident("1-2-101")).token);
  });

  it("[HT-20 INV-11] calls so often in a time, and their neighbour goes on", async () => {
    const { calls } = gatewayLimits.account;
    const each = calls.points / 4;
    expect(each).toBeLessThan(gatewayLimits.calls.points);
    const clients = await Promise.all((await withDevices("1-2-201", 5)).map(enter));
    const neighbour = await enter((await yard.resident("1-2-201")).token);
    const codeOf = async (client?: SocketClient) => {
      const answer = await client?.ask("household.mine", {});
      return answer?.ok ? "ok" : answer?.error.code;
    };
    const answers: unknown[] = [];
    for (let at = 0; at < calls.points; at++) answers.push(await codeOf(clients[Math.floor(at / each)]));
    expect(new Set(answers)).toEqual(new Set(["ok"]));
    expect(await codeOf(clients[4])).toBe("rate-limited");
    expect(await codeOf(neighbour)).toBe("ok");
    expect(clients[4]?.socket.connected).toBe(true);
  });

  it("[HT-20 INV-11] shows so many passing states in a time, whatever session they come by", async () => {
    const counts = createGatewayCounts(systemClock);
    const of = (residentId: string, sessionId: string) =>
      ({ kind: "person", residentId, sessionId }) as Partial<Actor> as Actor;
    const { whispers, account } = gatewayLimits;
    const heard = { mine: 0, neighbours: 0 };
    const sessions = account.whispers.points / whispers.points + 1;
    for (let session = 0; session < sessions; session++)
      for (let at = 0; at < whispers.points; at++) {
        if (await counts.may("whispers", of("r1", `s${session}`))) heard.mine++;
        if (session === 0 && (await counts.may("whispers", of("r2", "other")))) heard.neighbours++;
      }
    expect(heard).toEqual({ mine: account.whispers.points, neighbours: whispers.points });
    expect(await counts.may("whispers", of("r2", "other"))).toBe(false);
    expect(await counts.may("calls", of("r1", "s0"))).toBe(true);
  });

  it("[HT-20 INV-11] sends so much in a time over all connections, and neither more of them nor coming back brings more", () => {
    let now = 0;
    const counts = createGatewayCounts({ now: () => now });
    const of = (residentId: string) =>
      ({ kind: "person", residentId, sessionId: "s" }) as Partial<Actor> as Actor;
    const enter = (residentId: string) => {
      const place = counts.enter(of(residentId));
      if (!place) throw new Error("there is room");
      return place;
    };
    const { bytesPerSecond, byteBurst, packetsPerSecond, packetBurst } = gatewayLimits.account;
    const [one, two, neighbour] = [enter("r1"), enter("r1"), enter("r2")];
    expect(one.account.mayReceive(byteBurst / 2, now)).toBe(true);
    expect(two.account.mayReceive(byteBurst / 2, now)).toBe(true);
    one.leave();
    two.leave();
    const back = enter("r1");
    expect([one, two, back].map(({ account }) => account.mayReceive(1, now))).toEqual([false, false, false]);
    expect(neighbour.account.mayReceive(byteBurst, now)).toBe(true);
    now += 1_000;
    expect(back.account.mayReceive(bytesPerSecond, now)).toBe(true);
    expect(back.account.mayReceive(1, now)).toBe(false);
    // Small ones are counted by their number.
    now += 3_600_000;
    const passed = (packets: number) =>
      Array.from({ length: packets }, () => back.account.mayReceive(0, now)).filter(Boolean).length;
    expect(passed(packetBurst + 10)).toBe(packetBurst);
    now += 1_000;
    expect(passed(packetsPerSecond + 10)).toBe(packetsPerSecond);
  });

  it("[HT-20 INV-11] remembers so many of those who have left, the last ones", () => {
    const counts = createGatewayCounts({ now: () => 0 });
    const of = (kioskId: string) => ({ kind: "kiosk", kioskId }) as Partial<Actor> as Actor;
    const { accountsRemembered, account } = gatewayLimits;
    const spend = (kioskId: string) => {
      const place = counts.enter(of(kioskId));
      const taken = place?.account.mayReceive(account.byteBurst, 0);
      place?.leave();
      return taken;
    };
    for (let at = 0; at <= accountsRemembered; at++) expect(spend(`k${at}`)).toBe(true);
    expect(spend(`k${accountsRemembered}`)).toBe(false);
    expect(spend("k1")).toBe(false);
    expect(spend("k0")).toBe(true);
  });

  it.each([
    ["WebSockets", "websocket" as const],
    ["polls", "polling" as const],
  ])(
    "[HT-20 INV-11] over many %s sends no more than four connections may, and their neighbour goes on",
    async (_name, transport) => {
      const tokens = await withDevices("2-2-101", 2);
      const send = async (token: string) => {
        const client = await openSocket(yard.url, token, { transports: [transport] });
        open.push(client);
        // Less than one connection may send at once.
        for (let at = 0; at < 20; at++) client.socket.emit("nonsense", "x".repeat(90_000));
        return client;
      };
      const clients: SocketClient[] = [];
      while (clients.length < 10) clients.push(await send(tokens[clients.length % 2] ?? ""));
      await until("one too many is closed", () => clients.some(({ socket }) => !socket.connected));
      const neighbour = await send((await yard.resident("2-2-101")).token);
      expect(await neighbour.ask("household.mine", {})).toMatchObject({ ok: true });
    },
  );

  it("[HT-20] a person with eight devices and three pages on each notices nothing", async () => {
    const tokens = await withDevices("2-1-101", 8);
    const pages = await Promise.all([...tokens, ...tokens, ...tokens].map(enter));
    const asked = await Promise.all(
      pages.flatMap((page) => Array.from({ length: 10 }, () => page.ask("household.mine", {}))),
    );
    expect(asked.every(({ ok }) => ok)).toBe(true);
  });
});
