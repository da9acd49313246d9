import { expect, test } from "vitest";
import { boardOf800, countItems } from "./board.ts";
import { markersOf } from "./markers.ts";
import { median, quantile } from "./measure.ts";
import { yWebsocketServer } from "./peers/y-websocket-server.ts";
import { runRound } from "./round.ts";
import { resultTable } from "./table.ts";

test("a round over real sockets delivers every edit to everyone and hands out the whole board", async () => {
  const load = { joiningClients: 12, liveClients: 6, writers: 2, seconds: 0.5, perSecond: 10, inFlight: 2 };
  const { join, paced, saturated } = await runRound(yWebsocketServer, load);
  expect(join.items).toBe(800);
  expect(paced.edits).toBe(10);
  expect(paced.p50).toBeGreaterThan(0);
  expect(paced.p99).toBeGreaterThanOrEqual(paced.p50);
  expect(saturated.editsPerSecond).toBeGreaterThan(0);
  expect(resultTable([{ name: "peer", results: [{ join, paced, saturated }] }])).toContain("| peer |");
});

test("markers are found among other bytes, in their order, and those of another run are not", () => {
  const found: number[][] = [];
  const markers = markersOf(7);
  const text = `螺丝刀${markers.write(3, 0)}~7x ~7 ${markersOf(1).write(1, 1)} ${markers.write(12, 1045)}`;
  markers.find(Buffer.from(text), (writer, number) => found.push([writer, number]));
  expect(found).toEqual([
    [3, 0],
    [12, 1045],
  ]);
});

test("the board without a server of its own has 800 items in 113 cells", () => {
  expect(countItems(boardOf800())).toBe(800);
});

test("medians and quantiles are values that were measured", () => {
  expect(median([30, 10, 20])).toBe(20);
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(quantile([1], 1)).toBe(1);
});

test("the table compares the first column with the second", () => {
  const result = (latency: number) => ({
    join: { p50: 10, last: 20, items: 800 },
    paced: { edits: 10, p50: latency, p99: 99.6, cpuPerDelivery: null },
    saturated: { editsPerSecond: 1000, generatorLoad: 0.5 },
  });
  const table = resultTable([
    { name: "ours", results: [result(1), result(3), result(2)] },
    { name: "theirs", results: [result(4)] },
  ]);
  expect(table).toContain("| edit to peer, median | 2.0 ms | 4.0 ms | 0.50 × | lower |");
  expect(table).toContain("| edit to peer, 99th percentile | 100 ms | 100 ms | 1.0 × | lower |");
  expect(table).toContain("| server CPU for one delivered edit | – | – | – | lower |");
});
