import { z } from "zod";

/** An id made by the server or, for messages and ballots, by the client: nanoid's alphabet. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{8,36}$/);

/** A line a person typed: trimmed, without control characters, 1 to `max` characters. */
export const line = (max: number) =>
  z
    .string()
    .max(max * 4)
    .transform((text) => text.replace(/\p{Cc}+/gu, " ").trim())
    .pipe(z.string().min(1).max(max));

/** Several lines: as `line`, with line breaks kept. */
export const paragraph = (max: number) =>
  z
    .string()
    .max(max * 4)
    .transform((text) =>
      text
        .replace(/\r\n?/g, "\n")
        .replace(/[^\P{Cc}\n]+/gu, " ")
        .trim(),
    )
    .pipe(z.string().min(1).max(max));

/** Milliseconds since the epoch. */
export const time = z.number().int().nonnegative();

export const nothing = z.strictObject({});
