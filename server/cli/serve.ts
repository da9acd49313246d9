import { flushCompileCache } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { type App, compose } from "../compose.ts";
import { toConfig } from "../config/config.ts";
import { firstOfficerLink } from "../identity/first-officer.ts";
import { createLogger, type Logger } from "../observe/log.ts";
import { type Command, type Env, readArguments, say, sentenceOf } from "./command.ts";

export const serveCommand: Command = {
  usage: `yuanba serve
Runs the server until it is stopped. On its first run it prints a link that makes the first officer.
Settings come from the environment: see docs/operating.md.`,
  run: async (args, env) => {
    readArguments(args, {});
    return serve(env);
  },
};

/**
 * Runs the server until it is told to stop.
 * @returns the exit code: 0 after an orderly stop, 1 if something was left undone or nothing can be stored any more,
 * 2 if it could not start
 */
export async function serve(env: Env): Promise<number> {
  try {
    const config = toConfig(env);
    const logger = createLogger(config.logLevel);
    const stopped = stopSignal();
    const app = await compose(config, { logger });
    return await runUntilStopped(app, logger, stopped, async (url) => {
      say(`Yuanba · 院坝 — ${url}`);
      void printFirstLink(app, url, logger, stopped);
      // Where NODE_COMPILE_CACHE is set, Node would write what the next start profits from only at an orderly end.
      flushCompileCache();
    });
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    return 2;
  }
}

/** How long after a failure the link is tried again, milliseconds. */
const linkAgainAfter = 5_000;

/** A node serves already: a database that is away for a moment, or a full disk, is no reason for it to end. */
async function printFirstLink(
  app: App,
  url: string,
  logger: Logger,
  stopped: Promise<string>,
): Promise<void> {
  let going = true;
  void stopped.then(() => {
    going = false;
  });
  while (going) {
    try {
      const link = await firstOfficerLink(app, url);
      if (link) say(`First run: open this link once to become the first officer.\n  ${link}`);
      return;
    } catch (error) {
      logger.warn({ err: error }, "the first officer's link could not be made yet");
      await pause(linkAgainAfter, undefined, { ref: false });
    }
  }
}

/** Resolves with the name of the signal that asks this process to stop; from now on it does not end at once. */
export const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });

/** Signals this close together are one request, milliseconds: npm passes on the Ctrl-C that the terminal sent as well. */
const sameRequest = 1_000;

function endOnSecondSignal(): void {
  const first = performance.now();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      if (performance.now() - first > sameRequest) process.exit(130);
    });
  }
}

/**
 * Starts a composed server, greets, and stops it in order when asked to, or when it can store nothing any more and only a
 * new process could; a second signal ends at once.
 * @throws when it cannot start; it is closed then
 */
export async function runUntilStopped(
  app: App,
  logger: Logger,
  stopped: Promise<string>,
  greet: (url: string) => Promise<void>,
): Promise<number> {
  try {
    const { url } = await app.start();
    await greet(url);
  } catch (error) {
    await app.close();
    throw error;
  }
  const reason = await Promise.race([stopped, app.lost]);
  endOnSecondSignal();
  const asked = typeof reason === "string";
  if (asked) logger.info({ signal: reason }, "stopping");
  else logger.fatal({ err: reason }, "nothing can be stored any more: stopping");
  const clean = await app.close();
  return asked && clean ? 0 : 1;
}
