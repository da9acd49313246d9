import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import * as Y from "yjs";
import { until } from "../services/until.ts";
import { buildBoard, householdsFor, itemsIn, wholeMark } from "./board.ts";
import { FrameReader } from "./load/frame-reader.ts";
import { markersOf } from "./load/markers.ts";
import { openRawClient } from "./load/raw-client.ts";
import { scheduleOf } from "./load/schedule.ts";
import { hocuspocusWire, yWire } from "./load/wire.ts";
import { median, quantile } from "./measure.ts";
import { readOptions } from "./options.ts";
import { pageText } from "./page.ts";
import { draw } from "./plots/draw-all.ts";
import { summarise, type WorkloadResult } from "./results.ts";
import { workloadTable } from "./table.ts";
import { compare, isReached, targets } from "./targets.ts";
import { allWorkloads, workloadOf } from "./workloads/all.ts";
import { fittedPower } from "./workloads/fitted-power.ts";

const result = (ours: number, theirs: number[]): WorkloadResult => ({
  measured: "today",
  description: "One board.",
  peers: {
    ours: summarise([{ values: { cpu: ours, p99: 10, lost: 0 } }], []),
    hocuspocus: summarise(
      theirs.map((cpu) => ({ values: { cpu, p99: 2 }, notes: ["it was late"] })),
      [],
    ),
    "hocuspocus-sqlite": summarise([], ["no such port\n  at somewhere"]),
  },
});

test("the table has medians, the ratio to the best peer, and whether the target is reached", () => {
  const table = workloadTable(workloadOf("A"), result(6, [30, 10, 20]), targets);
  expect(table).toContain(
    "| server CPU for one delivered edit | 6.0 µs | 20 µs | – | 0.30 × | ≤ 0.80 ×: reached |",
  );
  expect(table).toContain("| 10 ms | 2.0 ms | – | 5.0 × | ≤ 4.0 ×: **not reached** |");
  expect(table).toContain("| edits lost | 0 | – | – | – | = 0: reached |");
  expect(table).toContain("| edit to peer, median | – | – | – | – |  |");
});

test("a ratio is the median of the rounds' ratios, for the machine is not as fast in one as in the next", () => {
  const { description, measured } = result(1, []);
  const rounds = (cpus: number[]) =>
    summarise(
      cpus.map((cpu) => ({ values: { cpu } })),
      [],
    );
  const peers = { ours: rounds([5, 10, 30]), hocuspocus: rounds([10, 40, 40]) };
  expect(workloadTable(workloadOf("A"), { description, measured, peers }, targets)).toContain(
    "| 10 µs | 40 µs | 0.50 × |",
  );
  // One of theirs was not measured: then which of ours belongs to which of theirs is not known.
  const two = { ...peers, hocuspocus: rounds([10, 40]) };
  expect(workloadTable(workloadOf("A"), { description, measured, peers: two }, targets)).toContain(
    "| 10 µs | 40 µs | 0.25 × |",
  );
});

test("the page has every workload's table and picture, what was noted and what could not be measured", () => {
  const page = pageText(allWorkloads, { A: result(6, [20]) }, "pictures/bench");
  expect(page).toContain("| A: server CPU for one delivered edit | 0.30 × | ≤ 0.80 ×: reached |");
  expect(page).toContain("![Many readers, a few writers](pictures/bench/A.svg)");
  expect(page).toContain("- Hocuspocus 4.7.0: it was late.");
  expect(page).toContain("- Hocuspocus 4.7.0, SQLite: not measured: no such port.");
});

test("the best peer is the lowest or the highest of them, and a target without a value is neither reached nor missed", () => {
  const others = [
    { peer: "a", value: 4 },
    { peer: "b", value: 2 },
    { peer: "c", value: null },
  ];
  expect(compare(1, others, "lower")).toEqual({ ours: 1, best: 2, bestPeer: "b", ratio: 0.5 });
  expect(compare(1, others, "higher")).toMatchObject({ bestPeer: "a", ratio: 0.25 });
  const target = { workload: "F", measure: "rate", kind: "at least", value: 1.5, of: "ratio" } as const;
  expect(isReached(target, compare(6, others, "higher"))).toBe(true);
  expect(isReached(target, compare(5, others, "higher"))).toBe(false);
  expect(isReached(target, compare(null, others, "higher"))).toBeNull();
});

test("every target is one of a measure that there is", () => {
  for (const { workload, measure } of targets)
    expect(workloadOf(workload).measures.map(({ key }) => key)).toContain(measure);
});

test("pictures are drawn from the numbers alone: the same each time, bars and lines", () => {
  const bars = draw(workloadOf("A"), result(6, [20]));
  expect(bars).toMatch(/^<svg .*Many readers.*<\/svg>$/s);
  expect(bars).toContain("Hocuspocus 4.7.0");
  expect(draw(workloadOf("A"), result(6, [20]))).toBe(bars);
  const curve = [1, 10, 100].map((x) => ({ x, editCpu: x, p99: 1, pss: 1, join: 1 }));
  const grown = { ours: summarise([{ values: {}, curve }], []) };
  expect(draw(workloadOf("items"), { measured: "", description: "", peers: grown })).toContain("items");
});

test("the power of a growth is found beside a fixed share, and noise is no growth", () => {
  const points = (of: (x: number) => number) => [0, 10, 100, 1_000].map((x) => [x, of(x)] as const);
  expect(fittedPower(points((x) => 100 + 3 * x))).toBeCloseTo(1, 0);
  expect(fittedPower(points((x) => 50 + x * x))).toBeGreaterThan(1.5);
  expect(fittedPower(points((x) => (x === 10 ? 110 : 100)))).toBe(0);
  expect(fittedPower([[1, 1]])).toBeNaN();
});

test("a round that could not be measured does not spoil the median of the others", () => {
  const summary = summarise(
    [{ values: { cpu: 3 } }, { values: { cpu: Number.NaN } }, { values: { cpu: 5 } }],
    ["broke"],
  );
  expect(summary.values).toEqual({ cpu: 5 });
  expect(summary.failure).toBeNull();
});

test("markers are found among other bytes, in their order, and those of another run or cut off are not", () => {
  const found: number[][] = [];
  const markers = markersOf(7);
  const text = `螺丝刀${markers.write(3, 0)}~7x ${markersOf(1).write(1, 1)} ${markers.write(12, 1045)} ~7w12.4`;
  markers.find(Buffer.from(text), (writer, number) => found.push([writer, number]));
  expect(found).toEqual([
    [3, 0],
    [12, 1045],
  ]);
});

test("frames are taken out of any pieces, cut to what is kept, with what was looked for found across the seams", () => {
  const payload = Buffer.concat([Buffer.alloc(200, 1), Buffer.from("needle"), Buffer.alloc(200, 2)]);
  const header = Buffer.from([0x82, 126, 0, 0]);
  header.writeUInt16BE(payload.length, 2);
  const bytes = Buffer.concat([Buffer.from([0x82, 3, 7, 8, 9]), header, payload, Buffer.from([0x89, 0])]);
  for (const size of [1, 3, 7, 100, bytes.length]) {
    const frames: { kind: number; size: number; kept: number; found: boolean }[] = [];
    const reader = new FrameReader(10, (frame) =>
      frames.push({ kind: frame.kind, size: frame.size, kept: frame.payload.length, found: frame.found }),
    );
    reader.needle = Buffer.from("needle");
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(frames).toEqual([
      { kind: 2, size: 3, kept: 3, found: false },
      { kind: 2, size: 406, kept: 10, found: true },
      { kind: 9, size: 0, kept: 0, found: false },
    ]);
  }
});

test("a client that reads by turns gets everything, much of it together, and reads at once when told to", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  try {
    await once(server, "listening");
    const times: number[] = [];
    const { port } = server.address() as AddressInfo;
    const client = await openRawClient(
      `ws://127.0.0.1:${port}`,
      {},
      {
        message: (_client, _frame, at) => times.push(at),
        lost() {},
      },
    );
    const sendMany = async () => {
      times.length = 0;
      for (let count = 0; count < 60; count++) {
        for (const socket of server.clients) socket.send(Buffer.from([count]));
        await pause(10);
      }
      await until("everything has come", () => times.length === 60);
      return new Set(times).size;
    };
    client.readByTurns(true);
    const byTurns = await sendMany();
    client.readByTurns(false);
    expect(byTurns).toBeLessThan((await sendMany()) / 2);
    client.end();
  } finally {
    server.close();
  }
});

test("both protocols say what they ask and understand what they are told", () => {
  for (const wire of [yWire, hocuspocusWire("板")]) {
    expect(wire.kindOf(Buffer.from(wire.ask()))).toBe("asks");
    expect(wire.kindOf(Buffer.from(wire.haveNothing))).toBe("answers");
    expect(wire.kindOf(Buffer.from(wire.presence(1, 1, {})))).toBe("awareness");
  }
});

test("a schedule is the same each time, in order, at its rate and within its time", () => {
  const turns = scheduleOf(3, 10, 2, 1);
  expect(turns).toEqual(scheduleOf(3, 10, 2, 1));
  expect(turns.length).toBeGreaterThanOrEqual(60);
  expect(turns.map(({ at }) => at)).toEqual(turns.map(({ at }) => at).toSorted((a, b) => a - b));
  // Writers who act once in fifty seconds make up the rate within the six that are asked for.
  const slow = scheduleOf(5_000, 0.02, 6, 1);
  expect(Math.abs(slow.length - 600)).toBeLessThan(100);
  expect(slow.at(-1)?.at).toBeLessThan(6_000);
  expect(slow.at(-1)?.at).toBeGreaterThan(5_900);
});

test("a board has its items, a client id for each past session, and the mark that it is whole", () => {
  const households = Array.from({ length: householdsFor(120) }, (_, index) => `h${index}`);
  const built = buildBoard({ items: 120, pastSessions: 30 }, households);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, built.update);
  expect(itemsIn(doc)).toBe(120);
  expect(new Set(built.clients.map(({ clientId }) => clientId)).size).toBe(households.length + 31);
  expect(Buffer.from(built.update).indexOf(wholeMark)).toBeGreaterThan(0);
  expect(buildBoard({ items: 120, pastSessions: 30 }, households).update).toEqual(built.update);
});

test("medians and quantiles are values that were measured", () => {
  expect(median([30, 10, 20])).toBe(20);
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(quantile([1], 1)).toBe(1);
});

test("the command line is read, and what is wrong with it is said", () => {
  expect(readOptions([])).toMatchObject({ rounds: 3, scale: "full", write: true });
  const few = readOptions(["--only", "A,B", "--quick", "--peers", "ours"]);
  expect(few.workloads.map(({ id }) => id)).toEqual(["A", "B"]);
  expect(few).toMatchObject({ rounds: 1, scale: "quick", write: false, peers: ["ours"] });
  expect(() => readOptions(["--only", "Z"])).toThrow("no workload is called Z");
  expect(() => readOptions(["--rounds", "0"])).toThrow("--rounds takes a whole number from 1");
});
