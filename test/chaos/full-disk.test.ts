import { expect, it } from "vitest";
import { runFullDisk } from "./full-disk.ts";

it("[EV-8, INV-1] a disk that runs full under load, and the end of the process there, lose nothing saved or seen", {
  timeout: 120_000,
}, async () => {
  const { findings, savedBefore, saved, stalled } = await runFullDisk(1);
  expect(findings.lines()).toEqual([]);
  expect(saved).toBeGreaterThan(savedBefore + 50);
  expect(stalled).toBeGreaterThan(0);
});
