import { polyphonic } from "pinyin-pro";
import { createReader, type PinyinOf } from "./search.ts";

/**
 * Every reading of every character, by the dictionary of `pinyin-pro`. It is larger than all else that a search needs:
 * each side imports this file only once letters are searched, and has a copy of its own.
 */
export const createReadings = (): PinyinOf =>
  createReader(
    (character) => polyphonic(character, { toneType: "none", v: true, type: "array" })[0] ?? [character],
  );
