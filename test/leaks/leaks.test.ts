import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
  let process: Measured;
  beforeAll(async () => {
    process = await startMeasured("rooms-process.ts");
    // What is made once, is made now.
    await process.ask("openAndClose", 5_000);
    await process.ask("awareness", 20_000);
    await process.ask("storm", 2_000);
  });
  afterAll(() => process.service.stop());

  const state = () => process.ask<State>("state");
  const around = async (what: string, work: () => Promise<unknown>) => {
    const [before, then] = [await process.holdings(), await state()];
    await work();
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
  const pieces = ({ handles }: Holdings) => ({ timers: handles.Timeout, ports: handles.TCPServerWrap });

  it("[FO-22 T8] ten thousand boards opened, written to and closed leave memory, timers, listeners and subscriptions as they were", async () => {
    const { loads, opened } = await around("10,000 boards", () => process.ask("openAndClose", 10_000));
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
