import { type App, compose } from "../compose.ts";
import { type Config, ConfigError, toConfig } from "../config/config.ts";
import { firstOfficerLink } from "../identity/first-officer.ts";
import { createLogger, type Logger } from "../observe/log.ts";
import { StorageError } from "../storage/errors.ts";

/**
 * Runs the server until it is told to stop.
 * @returns the exit code: 0 after an orderly stop, 1 if something was left undone, 2 for a wrong setting
 */
export async function serve(env: Record<string, string | undefined>): Promise<number> {
  let config: Config;
  try {
    config = toConfig(env);
  } catch (error) {
    return complain(error);
  }
  const logger = createLogger(config.logLevel);
  try {
    const app = await compose(config, { logger });
    const { url } = await app.start();
    process.stdout.write(`Yuanba · 院坝 — ${url}\n`);
    const link = await firstOfficerLink(app, url);
    if (link)
      process.stdout.write(`First run: open this link once to become the first officer.\n  ${link}\n`);
    return await untilStopped(app, logger);
  } catch (error) {
    return complain(error);
  }
}

/** Waits for SIGTERM or SIGINT and stops in order; a second signal ends at once. */
export async function untilStopped(app: App, logger: Logger): Promise<number> {
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => process.exit(130));
  logger.info({ signal }, "stopping");
  return (await app.close()) ? 0 : 1;
}

/** Says what stops the program in one sentence; only the unexpected shows its stack. */
export function complain(error: unknown): number {
  const known = error instanceof ConfigError || error instanceof StorageError;
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
}
