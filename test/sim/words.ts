import * as Y from "yjs";

/**
 * Every edit writes a word of its own, so that what is found anywhere can be traced to the edit: `m7` an honest one,
 * `evil7` one that no board may ever take.
 */
const marked = /^(m|evil)\d+$/;

export const isForbidden = (word: string): boolean => word.startsWith("evil");

/** The marked words in a decoded update. */
export function wordsOf({ structs }: ReturnType<typeof Y.decodeUpdate>): string[] {
  const words: string[] = [];
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    const { content } = struct;
    if (content instanceof Y.ContentString) words.push(...(content.str.match(/evil\d+/g) ?? []));
    if (!(content instanceof Y.ContentAny)) continue;
    for (const value of content.arr) if (typeof value === "string" && marked.test(value)) words.push(value);
  }
  return words;
}
