import { describe, expect, it } from "vitest";
import { boardWordLimits } from "../../server/fanout/board-bus.ts";
import { newId } from "../../server/identity/secrets.ts";
import { Accounts } from "../../server/sync/accounts.ts";
import { awarenessFrame, encodeEntry } from "../../server/sync/protocol.ts";
import { defaultSettings } from "../../server/sync/settings.ts";
import { roomLimits } from "../../shared/board/limits.ts";
import { longestDisplayName } from "../../shared/identity/rules.ts";
import { until } from "../services/until.ts";
import { HandTimers } from "./hand-timers.ts";
import { OneWayBus } from "./one-way-bus.ts";
import { endWithTest, raw, start } from "./room-bed.ts";

endWithTest();

/** A state of about so many bytes. */
const wide = (bytes: number, mark: number) => ({ mark, filler: "x".repeat(bytes) });

describe("how large a presence may be", () => {
  it("[SY-20 INV-11] is measured as it leaves: numbers that are short to write and long to read are not shown", async () => {
    const server = await start();
    const [one, two, watcher] = await Promise.all(["r1", "r2", "r3"].map((as) => raw(server, `as=${as}`)));
    const numbers = Array(100).fill("1e20").join(",");
    // By hand, for JSON written here would have the digits already.
    const json = `{"a":[${numbers}]}`;
    expect(json.length).toBeLessThan(roomLimits.awarenessBytes);
    expect(JSON.stringify(JSON.parse(json)).length).toBeGreaterThan(2 * roomLimits.awarenessBytes);
    const entry = encodeEntry({ clientId: 5, clock: 1, json });
    const { messages } = server.rooms.counters;
    one?.socket.send(awarenessFrame([entry]));
    await until("it is heard", () => server.rooms.counters.messages > messages);
    // Told after it, in the same frame or a later one.
    two?.sendAwareness([{ clientId: 6, clock: 1, state: {} }]);
    await until("the other is seen", () => watcher?.others.has(6));
    expect(watcher?.others.has(5)).toBe(false);
  });

  it("[SY-20 FO-12] is no more than what the other nodes believe", () => {
    const longest = 2 ** 53 - 1;
    const json = "x".repeat(roomLimits.awarenessBytes);
    const largest = encodeEntry({ clientId: longest, clock: longest, json });
    expect(largest.length).toBeLessThanOrEqual(boardWordLimits.entryBytes);
  });
});

describe("what one person shows", () => {
  const limits = { ...roomLimits, accountPresencePerSecond: 10_000, accountPresenceBurst: 20_000 };
  const settings = { presenceMs: 80, heartbeatMs: 1e9, idleMs: 1e9, limits };
  const pages = 8;
  const steps = 100;
  const seconds = steps / 10;
  const most = limits.accountPresencePerSecond + limits.accountPresenceBurst / seconds;
  const idOf = (page: number) => 100 + page;

  /** A server with a clock by hand, what may be heard on its bus, and a dozen who look on. */
  const crowded = async () => {
    const timers = new HandTimers();
    const bus = new OneWayBus();
    const server = await start({ timers, settings, bus });
    const watchers = await Promise.all(Array.from({ length: 12 }, () => raw(server, "as=guest")));
    /** Does something in each tenth of a second; answers how many bytes a second the room sent meanwhile. */
    const sentWhile = async (act: (step: number) => unknown): Promise<number> => {
      const { bytesOut } = server.rooms.counters;
      for (let step = 1; step <= steps; step++) {
        await act(step);
        timers.advance(100);
      }
      return (server.rooms.counters.bytesOut - bytesOut) / seconds;
    };
    const allSee = (clientId: number, mark: number) =>
      until(`${clientId} is seen with ${mark}`, () =>
        watchers.every(({ others }) => others.get(clientId)?.mark === mark),
      );
    return { timers, bus, server, watchers, sentWhile, allSee };
  };

  it("[SY-54 INV-11] makes the room send no more than so much, from however many pages; nobody is closed, a neighbour does not wait, and the latest of each comes in the end", async () => {
    const { timers, server, watchers, sentWhile, allSee } = await crowded();
    const mine = await Promise.all(Array.from({ length: pages }, () => raw(server, "as=r1")));
    const neighbour = await raw(server, "as=r2");
    const { counters } = server.rooms;
    const sent = await sentWhile(async (step) => {
      const { messages } = counters;
      for (const [page, client] of mine.entries())
        client.sendAwareness([{ clientId: idOf(page), clock: step, state: wide(800, step) }]);
      await until("all is heard", () => counters.messages === messages + pages);
    });
    expect(sent).toBeLessThan(1.5 * most);
    expect(sent).toBeGreaterThan(limits.accountPresencePerSecond / 2);
    const { messages } = counters;
    for (const [page, client] of mine.entries())
      client.sendAwareness([{ clientId: idOf(page), clock: steps + 1, state: wide(800, steps + 1) }]);
    neighbour.sendAwareness([{ clientId: 7, clock: 1, state: { mark: 7 } }]);
    await until("all is heard", () => counters.messages === messages + pages + 1);
    timers.advance(100);
    await allSee(7, 7);
    timers.advance(20_000);
    for (const [page] of mine.entries()) await allSee(idOf(page), steps + 1);
    expect([...mine, neighbour, ...watchers].filter(({ closed }) => closed)).toEqual([]);
  });

  it("[SY-54 INV-11] is bounded likewise when it is shown on another node", async () => {
    const { timers, bus, sentWhile, allSee } = await crowded();
    const began = timers.now();
    const shown = (step: number) =>
      Array.from({ length: pages }, (_, page) => ({
        account: "r1",
        encoded: encodeEntry({
          clientId: idOf(page),
          clock: began + step,
          json: JSON.stringify(wide(800, step)),
        }),
      }));
    const sent = await sentWhile((step) => bus.sees(shown(step)));
    expect(sent).toBeLessThan(1.5 * most);
    expect(sent).toBeGreaterThan(limits.accountPresencePerSecond / 2);
    timers.advance(20_000);
    for (let page = 0; page < pages; page++) await allSee(idOf(page), steps);
  });

  it("[SY-54] a page that moves all the time before the fullest room is never made to wait", () => {
    const accounts = new Accounts(roomLimits);
    const { presenceMs } = defaultSettings;
    const most = encodeEntry({
      clientId: 2 ** 32 - 1,
      clock: Date.now(),
      json: JSON.stringify({
        writing: `cell:${newId()}`,
        user: { name: "邻".repeat(longestDisplayName), householdId: newId(), door: "12-3-2401" },
      }),
    });
    for (const peers of [2, 64, 500, roomLimits.peersPerRoom]) {
      const every = Math.min(presenceMs + peers / 2, presenceMs * 4);
      for (let now = 0; now < 60_000; now += every)
        expect(accounts.mayShow("r1", most.length * peers, now)).toBe(true);
    }
  });
});
