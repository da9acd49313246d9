import type { ErrorCode } from "./errors.ts";

/** What went wrong, by its stable name; `params` fill the sentence the client shows for it. */
export interface WireError {
  code: ErrorCode;
  /** A short English sentence for logs and developers; people see the locale text of `code`. */
  message: string;
  params?: Record<string, string | number>;
}

/** The ack of every command and query. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: WireError };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** Makes the compiler prove that a switch over a tag is complete. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
