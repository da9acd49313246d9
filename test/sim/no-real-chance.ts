import { webcrypto } from "node:crypto";
import { Chance } from "./chance.ts";

/**
 * Yjs makes a random name for every document, digit by digit, which costs more than most edits. Imported before Yjs, this
 * gives it what a run needs no better: nothing in one depends on those names, nor on real chance (SM-2).
 */
const chance = new Chance(1);

Object.defineProperty(webcrypto, "getRandomValues", {
  value: <T extends Uint8Array | Uint32Array>(into: T): T => {
    for (let at = 0; at < into.length; at++) into[at] = Math.floor(chance.next() * 2 ** 32);
    return into;
  },
});
