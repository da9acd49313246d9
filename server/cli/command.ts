import { type ParseArgsConfig, parseArgs } from "node:util";
import { ConfigError } from "../config/config.ts";
import { Refusal } from "../refusal.ts";
import { StorageError } from "../storage/errors.ts";

export type Env = Record<string, string | undefined>;

/** One command of `yuanba`. */
export interface Command {
  /** What `--help` prints. */
  usage: string;
  /**
   * Runs it; resolves with the exit code: 0 done, 1 something is not in order, 2 it could not be done: a wrong argument or
   * setting, or the database cannot be reached.
   */
  run(args: string[], env: Env): Promise<number>;
}

/** A wrong argument; the message says in a sentence what is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The arguments by their names. @throws UsageError for an unknown or incomplete one */
export function readArguments<T extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: T,
  positionals = 0,
) {
  try {
    const parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
    const extra = parsed.positionals[positionals];
    if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many.`);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Node's own sentence, up to the advice that speaks of its flags.
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence.replace(/\.$/, "")}.`);
  }
}

/** A value that must be given. @throws UsageError naming it */
export function given(value: string | undefined, name: string): string {
  if (value) return value;
  throw new UsageError(`${name} is missing.`);
}

/** A whole number of an argument. @throws UsageError naming it */
export function wholeNumber(value: string | undefined, name: string, most: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= most) return number;
  throw new UsageError(`${name} must be a whole number from 0 to ${most}, not "${value}".`);
}

const busyPort = (error: unknown): string | null => {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const port = "port" in error ? error.port : "";
  if (error.code === "EADDRINUSE")
    return `Port ${port} is taken by another program: choose another with PORT.`;
  if (error.code === "EACCES" && "port" in error)
    return `Port ${port} may not be used by this user: choose another with PORT.`;
  return null;
};

/** What stopped a command, in one sentence; only the unexpected shows its stack. */
export function sentenceOf(error: unknown): string {
  const known =
    error instanceof UsageError ||
    error instanceof ConfigError ||
    error instanceof StorageError ||
    error instanceof Refusal;
  if (known) return error.message;
  return busyPort(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
