import type { WallNotice } from "../../shared/kiosk/model.ts";
import { textWidth } from "./label-fit.ts";

/** Lines of a notice on one page, and characters in a line, at the wall's reading size. */
const perLine = 28;
const perPage = 11;

const cut = new WeakMap<WallNotice, string[]>();

/** A notice in pages, cut once for as long as it hangs: the scenes ask twice a second. */
export function pagesOfNotice(notice: WallNotice): string[] {
  const known = cut.get(notice) ?? noticePages(notice.text);
  cut.set(notice, known);
  return known;
}

/** Lines a text takes, with so many characters in each. */
export const linesOf = (text: string, width: number): number =>
  text.split("\n").reduce((sum, part) => sum + Math.max(1, Math.ceil(textWidth(part) / width)), 0);

/** A text in pages that are read at one glance each; paragraphs stay whole where they can. */
export function noticePages(text: string): string[] {
  const pages: string[][] = [[]];
  let used = 0;
  for (const part of text.split("\n").flatMap(pieces)) {
    const lines = linesOf(part, perLine);
    if (used > 0 && used + lines > perPage) {
      pages.push([]);
      used = 0;
    }
    pages.at(-1)?.push(part);
    used += lines;
  }
  return pages.map((lines) => lines.join("\n").trim()).filter((page) => page !== "");
}

/** A paragraph that fills more than a page by itself is cut behind a mark, or where it must be. */
function pieces(paragraph: string): string[] {
  const most = perLine * perPage;
  if (textWidth(paragraph) <= most) return [paragraph];
  const parts: string[] = [];
  let piece = "";
  for (const sentence of paragraph.split(/(?<=[。！？；.!?;])/)) {
    if (piece !== "" && textWidth(piece + sentence) > most) {
      parts.push(piece);
      piece = "";
    }
    piece += sentence;
    while (textWidth(piece) > most) {
      const head = [...piece].slice(0, most).join("");
      parts.push(head);
      piece = piece.slice(head.length);
    }
  }
  return piece === "" ? parts : [...parts, piece];
}
