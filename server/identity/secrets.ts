import { createHash, randomBytes, randomInt } from "node:crypto";
import { nanoid } from "nanoid";

/** A new row id: 12 characters, 71 bits. */
export const newId = (): string => nanoid(12);

let told = 0;
/**
 * An id for rows that are only ever added: later ones sort after earlier ones, so that a database adds them at the
 * end of an index, on pages it is writing anyway.
 */
export const newOrderedId = (now: number): string => {
  told = (told + 1) % 46_656;
  return `${firstOrderedId(now)}${told.toString(36).padStart(3, "0")}${nanoid(6)}`;
};

/** Sorts before every ordered id made at `at` or later, and after every earlier one. */
export const firstOrderedId = (at: number): string => at.toString(36).padStart(9, "0");

/** A session token: 32 random bytes; only its hash is stored. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** SHA-256, hex. Enough for secrets that are random already; passwords go through argon2id. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");

// Crockford's alphabet: no I, L, O, U, so that a code can be read off a slip and typed.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A code for a slip or a screen: `length` characters, 5 bits each. */
export const newCode = (length: number): string =>
  Array.from({ length }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join("");

/** What a person typed, as the code was printed: case, spaces and look-alikes do not matter. */
export const normaliseCode = (typed: string): string =>
  typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "")
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0");
