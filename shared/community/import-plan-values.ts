import { numeralCharacters, readNumeral } from "./door-numerals.ts";
import { cleanLine } from "./export-text.ts";
import { importLimits, type RowReason } from "./import-plan-table.ts";

export type Read<T> = { ok: true; value: T } | { ok: false; reason: RowReason };

/** As people count: an emoji is one. */
const lengthOf = (text: string) => [...text].length;

const wrong = (reason: RowReason): Read<never> => ({ ok: false, reason });

/**
 * A floor area as 0.01 m², rounded half up: `89.5`, `89.50㎡`, `1,089.5 平方米`. Works on the digits, because
 * spreadsheets store 89.6 as 89.60000000000001.
 */
export function readArea(text: string): Read<number> {
  const bare = text
    .normalize("NFKC")
    .replace(/\s/g, "")
    .replace(/(?:m2|平方米|平方|平米|平|方)$/i, "")
    .replace(/(?<=\d),(?=\d{3}(?:\D|$))/g, "");
  const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(bare);
  if (!match) return wrong({ code: "area-unreadable" });
  const decimals = (match[2] ?? "").padEnd(3, "0");
  const area = Number(match[1]) * 100 + Number(decimals.slice(0, 2)) + (Number(decimals[2]) >= 5 ? 1 : 0);
  const { smallestArea: least, largestArea: most } = importLimits;
  if (area < least || area > most) return wrong({ code: "area-out-of-range", params: { least, most } });
  return { ok: true, value: area };
}

/** A floor area as a table shows it: 8950 is `89.50`. */
export const areaInMetres = (area: number): string =>
  `${Math.floor(area / 100)}.${String(area % 100).padStart(2, "0")}`;

/** A way to reach a household, as it was written. */
export function readContact(text: string): Read<string> {
  if (/^\d(?:\.\d+)?E\+?\d+$/i.test(text)) return wrong({ code: "contact-shortened" });
  const most = importLimits.contactLength;
  return lengthOf(text) > most
    ? wrong({ code: "contact-too-long", params: { most } })
    : { ok: true, value: text };
}

/** How many there are: `2`, `×2`, `2个`, `两把`. */
export function readQuantity(text: string): Read<number> {
  const bare = text
    .normalize("NFKC")
    .replace(/\s/g, "")
    .replace(/^[x×*]/i, "")
    .replace(/[个把本台套只件条张辆双副盒包块根支盏口箱桶床架部对册袋盆棵]$/, "");
  const number = new RegExp(`^[${numeralCharacters}]+$`).test(bare) ? readNumeral(bare) : null;
  const quantity = number ?? (/^\d{1,6}(?:\.0+)?$/.test(bare) ? Number(bare) : 0);
  const most = importLimits.quantity;
  if (quantity < 1 || quantity > most) return wrong({ code: "quantity-unreadable", params: { most } });
  return { ok: true, value: quantity };
}

/** The name of a thing, on one line. */
export function readTitle(text: string): Read<string> {
  const title = cleanLine(text);
  const most = importLimits.titleLength;
  if (title === "") return wrong({ code: "title-missing" });
  return lengthOf(title) > most
    ? wrong({ code: "title-too-long", params: { most } })
    : { ok: true, value: title };
}

export function readNote(text: string): Read<string> {
  const most = importLimits.noteLength;
  return lengthOf(text) > most
    ? wrong({ code: "note-too-long", params: { most } })
    : { ok: true, value: text };
}
