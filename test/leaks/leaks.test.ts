import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Redis, type RedisLine, startRedis } from "../services/redis.ts";
import { until } from "../services/until.ts";
import { type Holdings, type Measured, megabytes, startMeasured } from "./control.ts";

interface State {
  rooms: number;
  peers: number;
  loads: number;
  /** Boards subscribed now, and ever. */
  open: number;
  opened: number;
  listeners: number;
}

/** Of ten thousand boards, a leak of a hundred bytes each would show. */
const mostKept = 1024 * 1024;

describe("nothing stays behind", () => {
  let redis: Redis;
  let line: RedisLine;
  let process: Measured;
  beforeAll(async () => {
    redis = await startRedis();
    line = redis.speak();
    process = await startMeasured("rooms-process.ts", { REDIS_URL: redis.url });
    // What is made once, is made now.
    await process.ask("openAndClose", 5_000);
    await process.ask("awareness", 20_000);
    await process.ask("storm", 2_000);
  });
  afterAll(async () => {
    await process.service.stop();
    line.close();
    await redis.stop();
  });

  const state = () => process.ask<State>("state");
  const around = async (what: string, work: () => Promise<unknown>) => {
    const [before, then] = [await process.holdings(), await state()];
    await work();
    await until("only the bus's word to itself is listened to", async () => (await line.channels()) === 1);
    const [after, now] = [await process.holdings(), await state()];
    const kept = after.heap + after.buffers - before.heap - before.buffers;
    console.log(`${what}: ${megabytes(kept)} kept`);
    expect(kept, what).toBeLessThan(mostKept);
    expect(pieces(after), what).toEqual(pieces(before));
    expect({ ...now, loads: 0, opened: 0 }).toEqual({ ...then, loads: 0, opened: 0 });
    expect(now).toMatchObject({ rooms: 0, peers: 0, open: 0 });
    return { loads: now.loads - then.loads, opened: now.opened - then.opened };
  };
  /** The control's own connection comes and goes. */
  const pieces = ({ handles }: Holdings) => ({
    timers: handles.Timeout,
    ports: handles.TCPServerWrap,
    toRedis: handles.TCPSocketWrap,
  });

  it("[FO-22 FO-13 T8] ten thousand boards opened, written to and closed leave memory, timers, sockets, listeners and the subscriptions of a real Redis as they were", {
    timeout: 90_000,
  }, async () => {
    const { loads, opened } = await around("10,000 boards", async () => {
      const working = process.ask("openAndClose", 10_000);
      await until("boards are listened to", async () => (await line.channels()) > 1);
      await working;
    });
    expect([loads, opened]).toEqual([10_000, 10_000]);
  });

  it("[FO-22 T8] a million messages of presence leave the heap flat", { timeout: 90_000 }, async () => {
    await around("1,000,000 messages of presence", () => process.ask("awareness", 1_000_000));
  });

  it("[FO-22 SY-23 T32] a hundred thousand joins and leaves keep one room a board, and then none", async () => {
    await around("100,000 joins and leaves", async () => {
      const { most, boards } = await process.ask<{ most: number; boards: number }>("storm", 100_000);
      expect(most).toBeLessThanOrEqual(boards);
    });
  });
});
