import { setImmediate as settled } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { readCell, readItem } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { until } from "../services/until.ts";
import { draft } from "./guarded-board.ts";
import { HandTimers } from "./hand-timers.ts";
import { Gate, MemoryStore } from "./memory-store.ts";
import { endWithTest, raw, rawSoon, start, stock } from "./room-bed.ts";

endWithTest();

describe("shutdown", () => {
  it("[SY-28] a drain commits what was received, closes all with a come-back code, and takes nobody in", async () => {
    const server = await start();
    const clients = await Promise.all(["r1", "r2", "r3", "steward"].map((as) => raw(server, `as=${as}`)));
    const gate = new Gate();
    server.store.beforeCommit = () => gate.pass();
    gate.shut();
    const [one] = clients;
    if (one === undefined) throw new Error("no client");
    addItem(one.doc, "h1", "a", draft("一"));
    await until("committing", () => gate.waiting === 1);
    addItem(one.doc, "h1", "b", draft("二"));
    await until("waiting", () => server.rooms.counters.messages === 10);
    const drained = server.rooms.drain({ slices: 2, deadline: 2_000 });
    const late = rawSoon(server, "as=r1");
    await until("turned away", () => late.closed);
    gate.open();
    expect(await drained).toEqual({ flushed: true });
    await until("all are closed", () =>
      clients.every((client) => client.closed?.code === closeCodes.restart),
    );
    expect(late.closed?.code).toBe(closeCodes.restart);
    expect(readCell(server.store.coldDoc("b1"), "h1")).toHaveLength(2);
  });

  it("[SY-28] a drain closes sockets in slices, unevenly far apart", async () => {
    const timers = new HandTimers();
    // The next pause is drawn when the slice before it is closed.
    let uneven = 1_000;
    const server = await start({ timers, newClientId: () => uneven });
    const clients = ["r1", "r2", "r3", "steward", "guest"].map((as) => rawSoon(server, `as=${as}`));
    await until("all are in", () => server.rooms.counters.messages >= clients.length);
    const closed = () => server.sockets.filter(({ readyState }) => readyState !== WebSocket.OPEN).length;
    const slices = 3;
    const pause = 250;
    const drained = server.rooms.drain({ slices, deadline: pause * 4 * slices });
    /** What is closed when a little less than a share of the pause has gone by, and when all of it has. */
    const around = async (share: number) => {
      timers.advance(Math.ceil(pause * share) - 1);
      await settled();
      const before = closed();
      timers.advance(1);
      await settled();
      return [before, closed()];
    };
    await until("the first slice is closed", () => closed() === 2);
    uneven = 1_999;
    expect(await around(0.5)).toEqual([2, 4]);
    expect(await around(0.5 + 999 / 1_000)).toEqual([4, 5]);
    expect(await drained).toEqual({ flushed: true });
    await until("all were told", () => clients.every((client) => client.closed?.code === closeCodes.restart));
  });

  it("[SY-28 T3] a drain with a store that hangs or fails ends at its deadline and says so", async () => {
    for (const fault of ["hang", "fail"]) {
      const server = await start({ store: new MemoryStore() });
      const one = await raw(server, "as=r1");
      server.store.beforeCommit = () =>
        fault === "hang" ? new Promise(() => {}) : Promise.reject(new Error("down"));
      addItem(one.doc, "h1", "a", draft("一"));
      await until("received", () => server.rooms.counters.messages === 3);
      if (fault === "fail") await until("failed", () => server.reports.length > 0);
      expect(await server.rooms.drain({ slices: 1, deadline: 50 })).toEqual({ flushed: false });
      await until("closed", () => one.closed);
      expect(server.rooms.counters.rooms).toBe(0);
    }
  });

  it("[SY-28] stock providers come back after a restart and lose nothing", async () => {
    const store = new MemoryStore();
    const first = await start({ store });
    const provider = stock(first, "r1");
    await until("synced", () => provider.synced);
    addItem(provider.doc, "h1", "a", draft("一"));
    await until("saved", () => store.commits === 1);
    await first.rooms.closeBoard("b1", "restart");
    addItem(provider.doc, "h1", "b", draft("二"));
    await until("saved after coming back", () => readItem(store.coldDoc("b1"), "h1", "b"));
  });
});
