import type { ErrorCode } from "../shared/wire/errors.ts";
import type { Result, WireError } from "../shared/wire/result.ts";

/**
 * A named "no". Thrown inside a unit of work it also undoes what the unit wrote; the gateway and the HTTP
 * routes turn it into the answer the client understands.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ErrorCode;
  readonly params: Record<string, string | number> | undefined;

  constructor(code: ErrorCode, message: string, params?: Record<string, string | number>) {
    super(message);
    this.code = code;
    this.params = params;
  }
}

export const wireError = ({ code, message, params }: Refusal): WireError =>
  params ? { code, message, params } : { code, message };

export const refused = (refusal: Refusal): Result<never> => ({ ok: false, error: wireError(refusal) });
