import { expect, it } from "vitest";
import { HeldRows } from "../../server/sync/held-rows.ts";
import { Rounds } from "../../server/sync/rounds.ts";

/** Readings that end when the test says so. */
function readings() {
  const under: { end(error?: Error): void }[] = [];
  const rounds = new Rounds(
    () =>
      new Promise((resolve, reject) => {
        under.push({ end: (error) => (error ? reject(error) : resolve()) });
      }),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { under, rounds, turn };
}

it("[SY-55] those who ask in one moment share a reading, and who asks while it is under way gets another, after it", async () => {
  const { under, rounds, turn } = readings();
  const order: string[] = [];
  const first = [rounds.ask(), rounds.ask()].map((asked) => asked.then(() => order.push("first")));
  await turn();
  expect(under.length).toBe(1);
  const second = [rounds.ask(), rounds.ask()].map((asked) => asked.then(() => order.push("second")));
  await turn();
  expect(under.length).toBe(1);
  under[0]?.end();
  await Promise.all(first);
  await turn();
  expect(under.length).toBe(2);
  under[1]?.end();
  await Promise.all(second);
  expect(order).toEqual(["first", "first", "second", "second"]);
});

it("[SY-55] a reading that fails is told to those who asked for it, and to nobody else", async () => {
  const { under, rounds, turn } = readings();
  const first = rounds.ask();
  await turn();
  const second = rounds.ask();
  under[0]?.end(new Error("no answer"));
  await expect(first).rejects.toThrow("no answer");
  await turn();
  under[1]?.end();
  await expect(second).resolves.toBeUndefined();
});

it("[SY-56 INV-11] rows that wait for those before them are bounded in number and bytes; over that all are read again from the log", () => {
  const row = (seq: number, bytes: number) => ({
    boardId: "b1",
    seq,
    update: new Uint8Array(bytes),
    bindings: [],
  });
  const held = new HeldRows({ heldRows: 3, heldBytes: 100 });
  for (const seq of [5, 6, 7, 7]) held.add(row(seq, 10));
  expect(held.size).toBe(3);
  held.add(row(8, 10));
  expect([held.size, held.take(5), held.take(8)?.seq]).toEqual([1, undefined, 8]);
  held.add(row(9, 60));
  held.add(row(9, 60));
  expect(held.size).toBe(1);
  held.add(row(10, 60));
  expect(held.takeAll().map(({ seq }) => seq)).toEqual([10]);
  // What was taken counts no more.
  held.add(row(11, 90));
  expect(held.size).toBe(1);
});
