import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { normalPassword } from "../../shared/identity/rules.ts";
import { Refusal } from "../refusal.ts";

const derive = promisify(argon2);

/** Argon2id parameters of OWASP's Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane); memory in KiB. */
export const argonCost = { memory: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;

export const passwordLimits = {
  /** Hashes at work; each takes 19 MiB and a thread that files and look-ups need too. */
  atOnce: 2,
  /** Hashes waiting for their turn; more are refused. */
  waiting: 64,
};

export interface Passwords {
  /** @returns the hash in PHC form, parameters and salt included */
  hash(password: string): Promise<string>;
  /** True when the password is the one hashed. `null` (no such person) takes as long and is false. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** @throws Refusal `rate-limited` from either function when too many wait */
export function createPasswords(): Passwords {
  const run = createQueue();
  const argon = (password: string, salt: Buffer, cost: typeof argonCost, length: number) =>
    run(() =>
      derive("argon2id", { message: normalPassword(password), nonce: salt, tagLength: length, ...cost }),
    );
  // Compared with where there is nothing to compare with, so that both answers take the same time.
  const nobody = toPhc(argonCost, randomBytes(saltBytes), randomBytes(hashBytes));
  return {
    hash: async (password) => {
      const salt = randomBytes(saltBytes);
      return toPhc(argonCost, salt, await argon(password, salt, argonCost, hashBytes));
    },
    verify: async (password, stored) => {
      const { cost, salt, hash } = fromPhc(stored ?? nobody);
      const derived = await argon(password, salt, cost, hash.length);
      return timingSafeEqual(derived, hash) && stored !== null;
    },
  };
}

/** `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, so that stronger parameters can come later. */
const toPhc = ({ memory, passes, parallelism }: typeof argonCost, salt: Buffer, hash: Buffer): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(salt)}$${bare(hash)}`;

const bare = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

function fromPhc(stored: string): { cost: typeof argonCost; salt: Buffer; hash: Buffer } {
  const [, memory, passes, parallelism, salt, hash] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored) ?? [];
  if (!salt || !hash) throw new Error("A stored password hash is not in the form this server writes.");
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let working = 0;
  const turns: (() => void)[] = [];
  return async (work) => {
    if (working >= passwordLimits.atOnce) {
      if (turns.length >= passwordLimits.waiting) {
        throw new Refusal("rate-limited", "Too many people sign in at this moment.", { seconds: 5 });
      }
      // Whoever leaves hands its place on, so that `working` does not change.
      await new Promise<void>((resolve) => turns.push(resolve));
    } else working += 1;
    try {
      return await work();
    } finally {
      const next = turns.shift();
      if (next) next();
      else working -= 1;
    }
  };
}
