/** A stream of chance that is the same for the same seed and label on every machine. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  /** One of the list. Throws a RangeError when it is empty. */
  pick<T>(list: readonly T[]): T;
  /** One of the list, each as likely as its weight says. */
  pickWeighted<T>(list: readonly T[], weight: (value: T) => number): T;
  shuffle<T>(list: readonly T[]): T[];
  /** 12 letters and digits. Without `-` and `_`, which a shell may read as the start of an option. */
  id(): string;
  /** A stream of its own: drawing more from one part leaves the other parts as they were. */
  stream(label: string): Random;
}

const idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}

/** sfc32 (Doty-Humphrey, PractRand): 128 bits of state, so that ids of two streams never meet. */
function sfc32(text: string): () => number {
  let [a, b, c, counter] = [hash(`${text}/a`), hash(`${text}/b`), hash(`${text}/c`), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((((c << 21) | (c >>> 11)) >>> 0) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** The stream for a seed, which may be any number, and a label within it. */
export function createRandom(seed: number, label = "plan"): Random {
  const next = sfc32(`${seed}:${label}`);
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(list: readonly T[]): T => {
    const value = list[integer(0, list.length - 1)];
    if (value === undefined) throw new RangeError("nothing to pick from");
    return value;
  };
  return {
    next,
    integer,
    pick,
    chance: (probability) => next() < probability,
    pickWeighted(list, weight) {
      let rest = next() * list.reduce((sum, value) => sum + weight(value), 0);
      const found = list.find((value) => {
        rest -= weight(value);
        return rest < 0;
      });
      return found ?? pick(list);
    },
    shuffle(list) {
      const keyed = list.map((value) => ({ value, key: next() }));
      return keyed.sort((left, right) => left.key - right.key).map(({ value }) => value);
    },
    id: () => Array.from({ length: 12 }, () => idAlphabet[integer(0, idAlphabet.length - 1)]).join(""),
    stream: (name) => createRandom(seed, `${label}/${name}`),
  };
}
