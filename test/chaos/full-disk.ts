import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { seedCourtyard } from "../server/seeded.ts";
import { startTcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";
import { awaitAgreement } from "./agreement.ts";
import { chanceOf } from "./chance.ts";
import { ColdReader, sqliteRows } from "./cold-read.ts";
import { checkCold } from "./cold-start.ts";
import { Crowd } from "./crowd.ts";
import { Findings } from "./findings.ts";
import { Ledger } from "./ledger.ts";
import { NodeKeeper } from "./node-keeper.ts";
import { openSmallDisk } from "./small-disk.ts";
import { judgeDatabase } from "./verdict.ts";

export interface FullDiskReport {
  findings: Findings;
  disk: string;
  /** Steps told saved before the first filling, and in all. */
  savedBefore: number;
  saved: number;
  /** In how many of the fillings nothing could be saved any more. */
  stalled: number;
}

/** How the disk runs full: bytes that are left, and whether the power fails meanwhile. */
const fillings = [
  { left: 0, killed: false },
  { left: 40_000, killed: false },
  { left: 0, killed: true },
];
/** Nothing saved for so long, the disk is as full as it gets; the log that is there already is written over first. */
const fullFor = 1_500;
const longestFull = 20_000;

/** One node with the embedded database on a disk that runs full again and again, under load. */
export async function runFullDisk(seed: number): Promise<FullDiskReport> {
  const findings = new Findings();
  const ledger = new Ledger(findings);
  const disk = openSmallDisk();
  const door = await startTcpProxy(0);
  const env = {
    PATH: process.env.PATH ?? "",
    PORT: "0",
    DATA_DIR: disk.directory,
    LOG_LEVEL: "warn",
    COMPACT_AFTER_UPDATES: "60",
  };
  const keeper = new NodeKeeper("the node", door, env, 6, findings);
  const seeded = await seedCourtyard({ dataDir: disk.directory }, 16);
  const at = `127.0.0.1:${door.port}`;
  const site = { keeper, url: `http://${at}`, wsUrl: `ws://${at}`, toPostgres: door, toRedis: null };
  const fleet = { sites: [site], seeded };
  const reader = new ColdReader(sqliteRows(join(disk.directory, "yuanba.sqlite")));
  const crowd = new Crowd({ fleet, ledger, findings, chance: chanceOf(seed), known: () => {} });
  const pid = () => keeper.service?.pid ?? 0;
  const ready = () => until("the node is ready", () => keeper.ready(), 60_000);
  let stalled = 0;
  try {
    keeper.start();
    await ready();
    await crowd.come({ writers: 4, readers: 2, talkers: 2, voters: 1 });
    crowd.busy = true;
    await until("much is saved", () => ledger.totals.saved > 50);
    const savedBefore = ledger.totals.saved;
    for (const { left, killed } of fillings) {
      disk.fill(pid(), left);
      if (await standsStill(() => ledger.totals.saved)) stalled++;
      if (killed) {
        await keeper.kill();
        crowd.crashAll();
        keeper.start();
        await pause(fullFor);
      }
      disk.free(pid());
      await ready();
      const saved = ledger.totals.saved;
      await until("writing goes on", () => ledger.totals.saved > saved + 20, 20_000).catch(() =>
        findings.add("stuck", "nothing was saved in 20 s after the disk had room again"),
      );
    }
    crowd.busy = false;
    await awaitAgreement({ fleet, crowd, reader, findings });
    await keeper.stop();
    await judgeDatabase({ fleet, crowd, ledger, reader, findings });
    await checkCold(fleet, { DATA_DIR: disk.directory }, reader, findings);
    return { findings, disk: disk.kind, savedBefore, saved: ledger.totals.saved, stalled };
  } finally {
    await crowd.leave();
    await keeper.kill();
    await door.close();
    disk.close();
  }
}

/** Whether a count stays as it is for a while, within the time there is. */
async function standsStill(count: () => number): Promise<boolean> {
  let [last, since] = [count(), performance.now()];
  const still = () => {
    if (count() !== last) [last, since] = [count(), performance.now()];
    return performance.now() - since > fullFor;
  };
  return until("nothing is saved any more", still, longestFull).then(
    () => true,
    () => false,
  );
}
