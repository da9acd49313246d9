import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { Turns } from "../../server/turns.ts";
import { readCell } from "../../shared/board/model.ts";
import { addItem } from "../../shared/board/rules.ts";
import { until } from "../services/until.ts";
import { draft } from "./guarded-board.ts";
import { endWithTest, rawSoon, start } from "./room-bed.ts";

endWithTest();

/** Turns that come when the test says so. */
function byHand(width: number) {
  const soon: (() => void)[] = [];
  const turns = new Turns((run) => soon.push(run), width);
  return { turns, next: () => soon.shift()?.(), pending: () => soon.length };
}

describe("turns", () => {
  it("[SY-41] a job is done at once while there is no crowd", () => {
    const { turns, next } = byHand(1);
    const done: number[] = [];
    const job = (id: number) => () => {
      done.push(id);
      return 0.4;
    };
    turns.take(job(1));
    next();
    turns.take(job(2));
    expect(done).toEqual([1, 2]);
  });

  it("[SY-41] a crowd is let through in its order, in each turn no more than it holds", () => {
    const { turns, next, pending } = byHand(1);
    const done: number[] = [];
    for (let id = 0; id < 10; id++)
      turns.take(() => {
        done.push(id);
        return 0.4;
      });
    const after = [done.length];
    while (pending() > 0) {
      next();
      after.push(done.length);
    }
    expect(after).toEqual([3, 6, 9, 10, 10]);
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("[SY-41] a job that brings the next one does not go past the turn's end", () => {
    const { turns, next } = byHand(1);
    let done = 0;
    const job = () => {
      if (++done < 7) turns.take(job);
      return 0.5;
    };
    turns.take(job);
    expect(done).toBe(2);
    next();
    expect(done).toBe(4);
  });

  it("[SY-41] a job that throws takes its turn and no more", async () => {
    const { turns, next } = byHand(1);
    const wrong = () => {
      throw new Error("wrong");
    };
    expect(() => turns.take(wrong)).toThrow("wrong");
    let passed = false;
    turns.take(() => 1);
    void turns.pass(0.1).then(() => {
      passed = true;
    });
    await Promise.resolve();
    expect(passed).toBe(false);
    next();
    await Promise.resolve();
    expect(passed).toBe(true);
  });

  it("[SY-41] while a herd waits for its turns, an edit is committed and told", async () => {
    const soon: (() => void)[] = [];
    const server = await start({ turns: new Turns((run) => soon.push(run), 0.001) });
    const turn = () => {
      for (const run of soon.splice(0)) run();
    };
    const writer = rawSoon(server, "as=r1&saved=1");
    const reader = rawSoon(server, "as=r1b");
    await until("the two who are inside are answered", () => {
      turn();
      return writer.synced && reader.synced;
    });
    turn();

    const herd = ["r2", "r3", "steward"].map((as) => rawSoon(server, `as=${as}`));
    const asked = () => herd.every(({ stepOnes }) => stepOnes > 0) && server.rooms.counters.messages;
    await until("all of the herd are greeted and have answered and asked", () => asked() === 10);
    const answered = () => herd.filter(({ stepTwos }) => stepTwos > 0).length;
    await until("the first of them is answered", () => answered() === 1);

    addItem(writer.doc, "h1", "i1", draft("梯子"));
    await until("the edit is saved and told", () => writer.saved.length > 0 && reader.updates.length > 1);
    expect(answered()).toBe(1);

    turn();
    await until("the second is answered", () => answered() === 2);
    turn();
    await until("the third is answered, with the edit", () => answered() === 3);
    expect(readCell(herd[2]?.doc ?? new Y.Doc(), "h1")).toHaveLength(1);
  });
});
