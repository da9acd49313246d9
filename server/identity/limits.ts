import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../refusal.ts";
import { hashSecret } from "./secrets.ts";

/**
 * Limits of everything one can try without a session, of one node; points in `duration` seconds. A whole
 * courtyard may share one address, so only what fails counts there.
 */
export const entryLimits = {
  /** Codes, links and passwords that were wrong, from one address. */
  failuresOfAddress: { points: 60, duration: 600 },
  /** Everything asked with one code, right or wrong. */
  callsOfCode: { points: 40, duration: 600 },
};

export interface EntryLimits {
  /**
   * Runs an attempt with a code or link. What it throws as a Refusal counts against the address.
   * @throws Refusal `rate-limited` with the seconds to wait
   */
  attempt<T>(address: string, code: string, work: () => Promise<T>): Promise<T>;
}

export function createEntryLimits(limits = entryLimits): EntryLimits {
  const failures = new RateLimiterMemory(limits.failuresOfAddress);
  const calls = new RateLimiterMemory(limits.callsOfCode);
  return {
    attempt: async (address, code, work) => {
      // Taken before and given back after, so that a thousand guesses at once are not all let through.
      await take(failures, address);
      try {
        await take(calls, hashSecret(code));
        const value = await work();
        await failures.reward(address, 1);
        return value;
      } catch (error) {
        // A fault of ours is not a guess of theirs.
        if (!(error instanceof Refusal)) await failures.reward(address, 1);
        throw error;
      }
    },
  };
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (verdict) {
    if (!(verdict instanceof RateLimiterRes)) throw verdict;
    const seconds = Math.max(1, Math.ceil(verdict.msBeforeNext / 1000));
    throw new Refusal("rate-limited", "Too many attempts in a short time.", { seconds });
  }
}
