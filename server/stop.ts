import type { Logger } from "./observe/log.ts";

/** One step of an orderly stop: what opened something says how it is closed. */
export interface Closing {
  name: string;
  close(): Promise<void> | void;
}

/**
 * Closes in the order given and goes on when a step fails. A step that hangs does not hold up the
 * deadline; what it leaves undone is logged.
 * @returns true when every step ended well in time
 */
export async function stopInOrder(
  steps: readonly Closing[],
  deadlineMs: number,
  logger: Logger,
): Promise<boolean> {
  let clean = true;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), deadlineMs);
  });
  for (const step of steps) {
    try {
      const outcome = await Promise.race([
        deadline,
        Promise.resolve(step.close()).then(() => "done" as const),
      ]);
      if (outcome === "late") {
        logger.error({ step: step.name }, "the stop took too long");
        clean = false;
        break;
      }
    } catch (error) {
      logger.error({ err: error, step: step.name }, "a step of the stop failed");
      clean = false;
    }
  }
  clearTimeout(timer);
  return clean;
}
