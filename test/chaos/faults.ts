import { setTimeout as pause } from "node:timers/promises";
import type { TcpProxy } from "../services/tcp-proxy.ts";
import { until } from "../services/until.ts";
import type { Fleet, Site } from "./fleet.ts";
import { freezeTree } from "./frozen-tree.ts";
import type { Cut, Fault } from "./schedule.ts";

/** What the nemesis needs of the clients. */
export interface Victims {
  /** The writers connected to a node, or all: their processes end and their local copies are gone. */
  crashWriters(node: number | null): void;
  /** Nobody's local copy survives. */
  crashAll(): void;
}

type Heal = () => Promise<void>;

const slowAnswers = 1_500;
const restartWait = 60_000;

/** Makes one fault happen. @returns what heals it */
export async function inflict(fault: Fault, fleet: Fleet, victims: Victims): Promise<Heal> {
  const { postgres, redis, sites } = fleet;
  const site = fault.node === null ? null : (sites[fault.node] ?? null);
  const one = (): Site => {
    if (!site) throw new Error(`${fault.kind} names no node`);
    return site;
  };
  switch (fault.kind) {
    case "kill-node": {
      const { keeper } = one();
      const gone = keeper.kill();
      if (fault.withWriters) victims.crashWriters(fault.node);
      await gone;
      return async () => keeper.start();
    }
    case "freeze-node": {
      const { keeper } = one();
      keeper.freeze();
      return async () => keeper.thaw();
    }
    case "restart-node": {
      const { keeper } = one();
      await keeper.stop();
      return async () => keeper.start();
    }
    case "rolling-restart":
      for (const { keeper } of sites) {
        await keeper.stop();
        keeper.start();
        // The database may be away just now; then the next one is stopped all the same.
        await until(`${keeper.name} is back`, () => keeper.ready(), restartWait / sites.length).catch(
          () => {},
        );
      }
      return async () => {};
    case "kill-redis":
      await redis?.kill();
      return async () => redis?.revive();
    case "freeze-redis":
      redis?.pause();
      return async () => redis?.resume();
    case "flap-redis":
      return flapRedis(fleet, fault.lasts);
    case "kill-postgres":
      await postgres.kill();
      return () => postgres.revive();
    case "freeze-postgres": {
      const thaw = freezeTree(postgres.pid);
      return async () => thaw();
    }
    case "slow-postgres":
      return slowLines((site ? [site] : sites).map(({ toPostgres }) => toPostgres));
    case "slow-redis":
      return slowLines((site ? [site] : sites).map(({ toRedis }) => toRedis));
    case "hide-redis":
      return cutLine(one().toRedis, fault.cut);
    case "hide-postgres":
      return cutLine(one().toPostgres, fault.cut);
    case "lose-commit-answers": {
      const { toPostgres } = one();
      toPostgres.loseAnswers();
      return () => toPostgres.mend();
    }
    case "cut-clients": {
      const { door } = one().keeper;
      if (fault.cut !== "hold") {
        door.reset();
        return async () => {};
      }
      return cutLine(door, fault.cut);
    }
    case "crash-writers":
      victims.crashWriters(fault.node);
      return async () => {};
    case "blackout":
      return blackout(fleet, victims);
    case "fill-disk":
      fleet.disk?.fill(postgres.pid, 0);
      return async () => {
        fleet.disk?.free(postgres.pid);
        // It may be about to end for want of room.
        await until("PostgreSQL is there again", async () => {
          await postgres.revive();
          return fleet.databaseAnswers();
        });
      };
  }
}

function slowLines(lines: readonly (TcpProxy | null)[]): Heal {
  for (const line of lines) line?.delayAnswers(slowAnswers);
  return async () => {
    for (const line of lines) line?.delayAnswers(0);
  };
}

async function cutLine(line: TcpProxy | null, cut: Cut): Promise<Heal> {
  if (!line) return async () => {};
  if (cut === "refuse") await line.refuse();
  else line.hold();
  return async () => {
    if (cut === "hold-then-reset") line.reset();
    await line.mend();
  };
}

async function flapRedis({ redis, sites }: Fleet, lasts: number): Promise<Heal> {
  const end = performance.now() + lasts;
  while (performance.now() < end) {
    for (const { toRedis } of sites) toRedis?.reset();
    await redis?.kill();
    await pause(60);
    await redis?.revive();
    await pause(120);
  }
  return async () => {};
}

/** Everything ends at once, and nobody has time to write anything down. */
async function blackout({ sites, postgres, redis }: Fleet, victims: Victims): Promise<Heal> {
  const dying = [...sites.map(({ keeper }) => keeper.kill()), postgres.kill(), redis?.kill()];
  victims.crashAll();
  await Promise.all(dying);
  return async () => {
    await Promise.all([postgres.revive(), redis?.revive()]);
    for (const { keeper } of sites) keeper.start();
  };
}
