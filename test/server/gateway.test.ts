import { once } from "node:events";
import { nanoid } from "nanoid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { largestFrame } from "../../server/sockets/board-upgrade.ts";
import { engineLimits } from "../../server/sockets/engine-bounds.ts";
import { gatewayLimits } from "../../server/sockets/gateway-limits.ts";
import type { EventName } from "../../shared/wire/contract.ts";
import { packets, protocolVersion } from "../../shared/wire/protocol.ts";
import { until } from "../services/until.ts";
import { openSocket, type SocketClient } from "./socket-client.ts";
import { bearer, openYard, type Yard } from "./yard.ts";

let yard: Yard;
beforeAll(async () => {
  yard = await openYard();
});
afterAll(() => yard.close());

const courtyardChannel = (client: SocketClient): string => {
  const { snapshot } = client.welcome;
  if (snapshot?.audience !== "person") throw new Error("a person's snapshot");
  const channel = snapshot.chat.channels.find((each) => each.buildingId === null);
  if (!channel) throw new Error("the courtyard has a channel");
  return channel.id;
};
const post = (client: SocketClient, channelId: string, text: string) =>
  client.send("chat.post", { messageId: nanoid(), channelId, text });
const seqs = (client: SocketClient) => client.events.map((event) => event.seq);

describe("the gateway", () => {
  it("[HT-5] welcomes with a whole snapshot, and a neighbour hears what is told after it", async () => {
    const one = await openSocket(yard.url, (await yard.resident("1-1-101")).token);
    const two = await openSocket(yard.url, (await yard.resident("2-1-101")).token, {
      transports: ["polling"],
    });
    expect(one.welcome).toMatchObject({ protocol: 1, events: [] });
    expect(Object.keys(one.welcome.snapshot ?? {}).sort()).toEqual(
      ["audience", "board", "chat", "community", "identity", "proposals"].sort(),
    );
    expect(await post(one, courtyardChannel(one), "梯子哪个有？")).toMatchObject({ ok: true });
    const name: EventName = "chat.message-was-posted";
    await until("both hear it", () =>
      [one, two].every((client) => client.events.some((event) => event.name === name)),
    );
    expect(seqs(one)).toEqual(seqs(two));
    one.close();
    two.close();
  });

  it("[HT-5, INV-6, T29] gives a client that comes back what it missed, once and in order", async () => {
    const { token } = await yard.resident("1-1-201");
    const talker = await openSocket(yard.url, (await yard.resident("1-1-301")).token);
    const first = await openSocket(yard.url, token);
    await post(talker, courtyardChannel(talker), "第一条");
    await until("it is heard", () => first.events.length === 1);
    const cursor = first.events[0]?.seq ?? -1;
    first.close();
    for (const text of ["第二条", "第三条"])
      expect((await post(talker, courtyardChannel(talker), text)).ok).toBe(true);
    const back = await openSocket(yard.url, token, { cursor });
    expect(back.welcome.snapshot).toBeNull();
    expect(back.welcome.events.map((event) => event.seq)).toEqual([cursor + 1, cursor + 2]);
    // Again from a connection on which nothing has come, and once more after a quiet time.
    back.close();
    expect((await post(talker, courtyardChannel(talker), "第四条")).ok).toBe(true);
    const again = await openSocket(yard.url, token, { cursor: cursor + 2 });
    expect([again.welcome.snapshot, again.welcome.events.map(({ seq }) => seq)]).toEqual([
      null,
      [cursor + 3],
    ]);
    again.close();
    const quiet = await openSocket(yard.url, token, { cursor: cursor + 3 });
    expect([quiet.welcome.snapshot, quiet.welcome.events]).toEqual([null, []]);
    await post(talker, courtyardChannel(talker), "第五条");
    await until("it is heard too", () => quiet.events.length === 1);
    expect(quiet.events[0]?.seq).toBe(cursor + 4);
    quiet.close();
    talker.close();
  });

  it("[HT-5] gives a whole snapshot for a cursor from the future or a text", async () => {
    const { token } = await yard.resident("1-1-201");
    for (const cursor of [1e9, -5, Number.NaN, "7" as unknown as number]) {
      const client = await openSocket(yard.url, token, { cursor });
      expect(client.welcome.snapshot === null ? client.welcome.events.length : "whole").not.toBe(0);
      client.close();
    }
  });

  it("[HT-5] a cursor does not show events of audiences that are not one's own", async () => {
    const inOne = await openSocket(yard.url, (await yard.resident("1-1-101")).token);
    const { snapshot } = inOne.welcome;
    if (snapshot?.audience !== "person") throw new Error("a person's snapshot");
    const own = snapshot.chat.channels.find((channel) => channel.buildingId !== null);
    expect((await post(inOne, own?.id ?? "", "只给一栋看")).ok).toBe(true);
    const outsider = await openSocket(yard.url, (await yard.resident("2-1-101")).token, { cursor: 0 });
    expect(JSON.stringify(outsider.welcome)).not.toContain("只给一栋看");
    inOne.close();
    outsider.close();
  });

  it("[HT-6] answers calls of one socket in order", async () => {
    const client = await openSocket(yard.url, (await yard.resident("1-2-101")).token);
    const answered: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        client.ask("household.mine", {}).then((result) => result.ok && answered.push(index)),
      ),
    );
    expect(answered).toEqual(Array.from({ length: 20 }, (_, index) => index));
    client.close();
  });

  it("[HT-6] refuses too many calls at once by name and goes on", async () => {
    const client = await openSocket(yard.url, (await yard.resident("1-2-201")).token);
    const results = await Promise.all(Array.from({ length: 90 }, () => client.ask("household.mine", {})));
    expect(results.some((result) => !result.ok && result.error.code === "rate-limited")).toBe(true);
    expect(results.filter((result) => result.ok).length).toBeGreaterThanOrEqual(50);
    expect(client.socket.connected).toBe(true);
    client.close();
  });

  it("[HT-6] answers nonsense with a named refusal and survives what cannot be answered", async () => {
    const client = await openSocket(yard.url, (await yard.resident("1-2-301")).token);
    const odd = [
      undefined,
      null,
      7,
      "x",
      {},
      { name: 5 },
      { name: "constructor" },
      { name: "__proto__", input: {} },
    ];
    for (const packet of odd) {
      const answer = await client.socket.timeout(5_000).emitWithAck(packets.command, packet);
      expect(answer).toMatchObject({ ok: false, error: { code: "not-found" } });
    }
    expect(await client.send("resident.rename", { displayName: 7 } as never)).toMatchObject({
      ok: false,
      error: { code: "invalid-input", params: { field: "displayName" } },
    });
    client.socket.emit(packets.command, { name: "resident.rename", input: { displayName: "x" } });
    client.socket.emit(packets.whisper, "nonsense");
    expect((await client.ask("household.mine", {})).ok).toBe(true);
    client.close();
  });

  it("[HT-6] passing states beyond their bound are dropped, and calls go on", async () => {
    const client = await openSocket(yard.url, (await yard.resident("2-1-201")).token);
    const listener = await openSocket(yard.url, (await yard.resident("2-1-301")).token);
    const channelId = courtyardChannel(client);
    for (let count = 0; count < 500; count++) {
      client.socket.emit(packets.whisper, { name: "chat.typing", input: { channelId } });
    }
    expect((await post(client, channelId, "写完了")).ok).toBe(true);
    await until("the message is heard", () => listener.events.length > 0);
    expect(listener.signals.length).toBeLessThan(50);
    client.close();
    listener.close();
  });

  it("[HT-16] who does not read is closed when too much waits, and others hear everything", async () => {
    const home = yard.household("2-1-201");
    const { token, residentId } = await yard.resident("2-1-201");
    const reader = await openSocket(yard.url, token);
    const deaf = new WebSocket(`${yard.wsUrl}/socket.io/?EIO=4&transport=websocket`, {
      headers: bearer(token),
    });
    const heard: string[] = [];
    deaf.on("message", (data) => heard.push(String(data)));
    await once(deaf, "open");
    deaf.send(`40${JSON.stringify({ protocol: protocolVersion })}`);
    await until("the deaf one is welcomed", () => heard.some((packet) => packet.includes(packets.welcome)));
    deaf.pause();
    const open = yard.app.openConnections();
    const displayName = "长".repeat(256 * 1024);
    let told = 0;
    await until("the deaf one has lost its place", async () => {
      await yard.app.log.write(yard.communityId, async (unit) =>
        unit.tell("resident.was-renamed", { residentId, displayName }, { household: home, resident: null }),
      );
      told += 1;
      return yard.app.openConnections() < open;
    });
    await until("the reader has heard all", () => reader.events.length >= told);
    reader.close();
    deaf.terminate();
  });

  it("[HT-16] who sends without end is closed", async () => {
    const client = await openSocket(yard.url, (await yard.resident("2-2-101")).token);
    const closed = new Promise((resolve) => client.socket.once("disconnect", resolve));
    for (let count = 0; count <= engineLimits.packetBurst * 2; count++) client.socket.emit("nonsense");
    await closed;
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
  });

  it.each([
    { what: "much in a short time", size: 90_000, times: 100 },
    { what: "one thing that is too large", size: 150_000, times: 1 },
  ])("[HT-16 INV-11] who sends $what is closed", async ({ size, times }) => {
    const client = await openSocket(yard.url, (await yard.resident("2-2-101")).token);
    const closed = new Promise((resolve) => client.socket.once("disconnect", resolve));
    for (let count = 0; count < times; count++) client.socket.emit("nonsense", "x".repeat(size));
    await closed;
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
  });

  it("[HT-16 INV-11] a board's client that sends a message larger than any there is is closed", async () => {
    const { token } = await yard.resident("2-2-101");
    const client = new WebSocket(`${yard.wsUrl}/yjs/${yard.boardId}`, { headers: bearer(token) });
    await once(client, "open");
    client.send(Buffer.alloc(largestFrame + 1));
    const [code] = await once(client, "close");
    // "Message too big".
    expect(code).toBe(1009);
    expect((await fetch(`${yard.url}/healthz`)).status).toBe(200);
  });

  it("[HT-17] a session that connects again and again has to wait, and nobody else", async () => {
    const { token } = await yard.resident("2-2-201");
    for (let count = 0; count < gatewayLimits.connects.points; count++)
      (await openSocket(yard.url, token)).close();
    await expect(openSocket(yard.url, token)).rejects.toThrow("websocket error");
    (await openSocket(yard.url, (await yard.resident("2-2-201")).token)).close();
  });

  it("[HT-15 INV-4] what waits behind the end of its own session is not done any more, and the end is told", async () => {
    const { token, sessionId, residentId } = await yard.resident("2-2-301");
    const client = await openSocket(yard.url, token);
    const gone = new Promise((resolve) => client.socket.once("disconnect", resolve));
    const end = client.send("session.end", { sessionId });
    const late = client.send("resident.rename", { displayName: "后来的人" }).catch(() => null);
    expect(await end).toMatchObject({ ok: true });
    await gone;
    expect((await late)?.ok ?? false).toBe(false);
    // The writer takes what comes in order.
    await yard.app.storage.probe();
    const { display_name: name } = await yard.app.storage.db
      .selectFrom("residents")
      .select("display_name")
      .where("id", "=", residentId)
      .executeTakeFirstOrThrow();
    expect(name).not.toBe("后来的人");
  });

  it("[HT-4] a screen can call nothing outside its own area", async () => {
    const { token } = await yard.kiosk();
    const screen = await openSocket(yard.url, token).catch(() => null);
    if (!screen) throw new Error("a screen connects");
    for (const name of ["resident.rename", "chat.post", "proposal.write"]) {
      const answer = await screen.socket.timeout(5_000).emitWithAck(packets.command, { name, input: {} });
      expect(answer).toMatchObject({ ok: false, error: { code: "not-allowed" } });
    }
    screen.close();
  });
});
