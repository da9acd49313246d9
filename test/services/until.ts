import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits for a condition, asking again every few milliseconds, and answers with its first truthy value.
 * A condition that throws counts as "not yet"; its error is the cause of the final one.
 * @param what names the condition in the error, as in "redis answers"
 * @param within milliseconds after which waiting is given up; a bound against hanging, not a measure of speed
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  within = 15_000,
): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + within;
  let cause: unknown;
  for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
    try {
      const value = await condition();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > giveUpAt) throw new Error(`waited ${within} ms in vain until ${what}`, { cause });
    await pause(wait);
  }
}
