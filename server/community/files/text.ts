import { FileRefused } from "./refused.ts";

export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030";

/**
 * Reads the text of a file whose encoding nobody states: by its byte order mark, else as UTF-8 if every byte fits,
 * else as GB18030, which Chinese Windows calls ANSI (GBK and GB2312 are parts of it).
 * @throws FileRefused
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  for (const encoding of encodingsFor(bytes)) {
    const text = decodeAs(bytes, encoding);
    if (text !== null) return { text, encoding };
  }
  throw new FileRefused({ code: "file-encoding-unknown" });
}

function encodingsFor([first, second]: Uint8Array): TextEncoding[] {
  if (first === 0xff && second === 0xfe) return ["utf-16le"];
  if (first === 0xfe && second === 0xff) return ["utf-16be"];
  return ["utf-8", "gb18030"];
}

function decodeAs(bytes: Uint8Array, encoding: TextEncoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
