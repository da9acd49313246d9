import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { nanoid } from "nanoid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { createLogger } from "../../server/observe/log.ts";
import { disconnectInSlices, slicePauseMs } from "../../server/sockets/disconnect-in-slices.ts";
import { stopInOrder } from "../../server/stop.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { openBoard } from "./board-client.ts";
import { seedCourtyard, serverProcess } from "./seeded.ts";
import { openSocket } from "./socket-client.ts";

const silent = createLogger("silent");
let dataDir: string;
beforeAll(async () => {
  dataDir = await makeScratch("stop");
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe("an orderly stop", () => {
  it("[HT-7] closes in order and goes on when a step fails", async () => {
    const closed: string[] = [];
    const step = (name: string, fails = false) => ({
      name,
      close: async () => {
        closed.push(name);
        if (fails) throw new Error(name);
      },
    });
    expect(await stopInOrder([step("a"), step("b", true), step("c")], 1_000, silent)).toBe(false);
    expect(closed).toEqual(["a", "b", "c"]);
    expect(await stopInOrder([step("d")], 1_000, silent)).toBe(true);
  });

  it("[HT-7] ends at its deadline when a step hangs", async () => {
    expect(await stopInOrder([{ name: "stuck", close: () => new Promise(() => {}) }], 20, silent)).toBe(
      false,
    );
  });

  it("[HT-7 SY-28] lets Socket.IO's sockets go in slices of one size, unevenly far apart", async () => {
    const leave = async (count: number, slices: number) => {
      let gone = 0;
      const before: number[] = [];
      const waits: number[] = [];
      const sockets = Array.from({ length: count }, () => ({ disconnect: () => ++gone }));
      const shares = [0, 0.25, 1];
      await disconnectInSlices(sockets, {
        slices,
        wait: async (ms) => {
          before.push(gone);
          waits.push(ms / slicePauseMs);
        },
        random: () => shares[waits.length % shares.length] ?? 0,
      });
      return { gone, before, waits };
    };
    expect(await leave(103, 5)).toEqual({
      gone: 103,
      before: [21, 42, 63, 84],
      waits: [0.5, 0.75, 1.5, 0.5],
    });
    expect(await leave(3, 10)).toEqual({ gone: 3, before: [1, 2], waits: [0.5, 0.75] });
    expect(await leave(0, 10)).toEqual({ gone: 0, before: [], waits: [] });
  });

  it("[HT-7] a Ctrl-C that npm passes on a second time is one request and an orderly stop", async () => {
    const own = await makeScratch("ctrl-c");
    await seedCourtyard({ dataDir: own }, 1);
    const service = await (await serverProcess({ dataDir: own })).start();
    // Of different names, because the system may fold two equal ones that still wait into one.
    service.signal("SIGINT");
    service.signal("SIGTERM");
    await service.ended;
    // SQLite removes its write-ahead log when it is closed, and only then.
    expect(existsSync(join(own, "yuanba.sqlite-wal"))).toBe(false);
    await rm(own, { recursive: true, force: true });
  });

  it("[HT-7] SIGTERM commits what was received, tells clients to come back, and they do", async () => {
    const seeded = await seedCourtyard({ dataDir }, 4);
    const server = await serverProcess({ dataDir });
    let service = await server.start();
    const [first, second] = seeded.households;
    if (!first || !second) throw new Error("households");
    const board = await openBoard(server.wsUrl, seeded.boardId, first.token);
    const socket = await openSocket(server.url, second.token);
    const code = new Promise<number>((resolve) => {
      board.provider.on("connection-close", (event) => resolve(event?.code ?? 0));
    });
    const left = new Promise<string>((resolve) => socket.socket.once("disconnect", resolve));
    const item = new Y.Map<unknown>();
    for (const [field, value] of Object.entries({
      title: "锤子",
      category: "tools",
      note: "",
      quantity: 1,
      order: "a0",
    })) {
      item.set(field, value);
    }
    board.doc.getMap(`cell:${first.householdId}`).set("hammer", item);
    const posted = await socket.send("chat.post", {
      messageId: nanoid(),
      channelId: seeded.channelId,
      text: "要停一下",
    });
    expect(posted.ok).toBe(true);
    service.signal("SIGTERM");
    expect(await code).toBe(1012);
    expect(await left).toBe("io server disconnect");
    await service.ended;
    service = await server.start();
    await until("the stock client has come back", () => board.provider.synced);
    const fresh = await openBoard(server.wsUrl, seeded.boardId, second.token);
    expect(fresh.doc.getMap(`cell:${first.householdId}`).has("hammer")).toBe(true);
    fresh.close();
    board.close();
    socket.close();
    await service.stop();
  });
});
