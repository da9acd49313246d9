import { polyphonic } from "pinyin-pro";
import { createReader, type PinyinOf } from "../../shared/board/search.ts";

/** Every reading of every character of a text, by the dictionary of `pinyin-pro`. */
export const createReadings = (): PinyinOf =>
  createReader(
    (character) => polyphonic(character, { toneType: "none", v: true, type: "array" })[0] ?? [character],
  );
