import { polyphonic } from "pinyin-pro";
import { createReader, type PinyinOf } from "../../shared/board/search.ts";

/** Every reading of every character, by the dictionary of `pinyin-pro`; fetched only when letters are searched. */
export const createReadings = (): PinyinOf =>
  createReader(
    (character) => polyphonic(character, { toneType: "none", v: true, type: "array" })[0] ?? [character],
  );
