import { describe, expect, it } from "vitest";
import { begunInTime, planRounds, type ScheduleOptions, sayFault, takenBy } from "./schedule.ts";

const options: ScheduleOptions = {
  seed: 7,
  rounds: 30,
  roundLasts: 20_000,
  nodes: 3,
  redis: true,
  longest: 60_000,
};

describe("the nemesis's schedule", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(planRounds(options)).toEqual(planRounds(options));
    expect(planRounds({ ...options, seed: 8 })).not.toEqual(planRounds(options));
  });

  it("is played from its first round on until the time is over, and however short that is one round is played", () => {
    const rounds = planRounds(options);
    const played: unknown[] = [];
    for (const round of begunInTime(rounds, () => played.length >= 4)) played.push(round);
    expect(played).toEqual(rounds.slice(0, 4));
    expect([...begunInTime(rounds, () => true)]).toEqual(rounds.slice(0, 1));
  });

  it("has every kind of fault, several at once, and some that last long", () => {
    const faults = planRounds(options).flatMap((round) => round.faults);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(17);
    expect(faults.some(({ lasts }) => lasts > 20_000)).toBe(true);
    const overlaps = planRounds(options).some(({ faults: inRound }) =>
      inRound.some((fault, at) => inRound.slice(0, at).some((other) => other.at + other.lasts > fault.at)),
    );
    expect(overlaps).toBe(true);
  });

  it("stops one node for over a minute in the second round of every long run, and in no short one", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const long = (longest: number) =>
        planRounds({ ...options, seed, longest, rounds: 2 }).flatMap(({ number, faults }) =>
          faults.filter(({ lasts }) => lasts > 60_000).map(({ kind }) => `${kind} in round ${number}`),
        );
      expect([long(60_000), long(15_000)]).toEqual([["freeze-node in round 2"], []]);
    }
  });

  it("fills the disk in every round where the database has a small one, and nowhere else", () => {
    const filled = (smallDisk: boolean) =>
      planRounds({ ...options, smallDisk }).map(
        ({ faults }) => faults.filter(({ kind }) => kind === "fill-disk").length,
      );
    expect(new Set(filled(true))).toEqual(new Set([1]));
    expect(new Set(filled(false))).toEqual(new Set([0]));
  });

  it("lays no two hands on one thing at the same time", () => {
    for (const { faults } of planRounds(options)) {
      faults.forEach((fault, at) => {
        const meanwhile = faults.slice(0, at).filter((other) => other.at + other.lasts > fault.at);
        const held = meanwhile.flatMap((other) => takenBy(other, options.nodes));
        expect(held.filter((thing) => takenBy(fault, options.nodes).includes(thing))).toEqual([]);
      });
    }
  });

  it("leaves Redis alone where there is none, and says each fault in a line", () => {
    const faults = planRounds({ ...options, redis: false, nodes: 1 }).flatMap((round) => round.faults);
    expect(faults.filter(({ kind }) => kind.includes("redis"))).toEqual([]);
    for (const fault of faults) expect(sayFault(fault)).toMatch(/^\+\d+\.\d s [a-z-]+/);
  });
});
