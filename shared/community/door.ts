import { numeralCharacters, readNumeral } from "./door-numerals.ts";

/** Where a household lives, each part as short as it can be written: `{ building: "3", unit: "2", door: "501" }`. */
export interface Door {
  building: string;
  unit: string;
  door: string;
}

/** Why a text is not a door number. */
export type DoorRefusal =
  | "door-empty"
  /** A spreadsheet turned `3-2-5` into a day of the calendar. */
  | "door-looks-like-date"
  | "door-no-building"
  | "door-building-unreadable"
  | "door-unit-unreadable"
  | "door-unreadable"
  /** `5楼301`: the floor and the number say different things. */
  | "door-floor-contradicts"
  /** The building or unit column says something else than the door column. */
  | "door-parts-contradict";

export type DoorResult = { ok: true; door: Door } | { ok: false; reason: DoorRefusal };

/** A building that is not divided has one unit, and this is its name. */
export const onlyUnit = "1";

/** Longer texts are refused unread. */
const longestDoorText = 80;

const numeralRun = `[${numeralCharacters}]+`;
const datePattern =
  /^(?:(?:19|20)\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?(?:T.*|\d\d:.*)?|\d{1,2}月\d{1,2}日|\d{1,2}[-/][A-Z][a-z]{2}(?:[-/]\d{2,4})?|[A-Z][a-z]{2}[-/]\d{2,4})$/;
const englishPattern =
  /^(?:building|bldg\.?|block)\s*([^\s,]+)[\s,]+(?:unit\s*([^\s,]+)[\s,]+)?(?:(?:room|rm\.?|flat|apt\.?|door|no\.?)\s*)?(\S+)$/i;
/** "晋院26号", "锦绣小区": the courtyard's own address, before the building. */
const addressPattern =
  /^[^栋幢座#]*?(?:号院|小区|社区|\p{Script=Han}[^栋幢座#单元]*\d号(?![楼栋院]))-?(?=.)/u;
const markedPattern = /^(.+?)(?:号楼|号栋|#楼|栋|幢|座|#)-?(?:(.+?)(?:单元门?|门(?!牌))-?)?(.+)$/;
const buildingPattern =
  /^(?:[A-Z0-9]{0,2}[\p{Script=Han}--[栋幢座单室层楼号户门院]]{1,8})?[A-Z]?\d{0,3}[A-Z]?$/v;

const refuse = (reason: DoorRefusal): DoorResult => ({ ok: false, reason });

/** Full-width to half-width, every dash and slash to `-`, no spaces, capital letters. */
function compact(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[‐‑‒–—―−﹘ー·•/\\]/g, "-")
    .replace(/(?<=[0-9a-z])\s+(?=[0-9a-z])/gi, "-")
    .replace(/\s+/g, "")
    .replace(/-{2,}/g, "-")
    .toUpperCase();
}

const readNumerals = (text: string, where: RegExp): string | null => {
  let readable = true;
  const read = text.replace(where, (run: string) => {
    const value = readNumeral(run);
    if (value === null) readable = false;
    return String(value);
  });
  return readable ? read : null;
};

const withoutZeros = (text: string) => text.replace(/(?<!\d)0+(?=\d)/g, "");

function readBuilding(raw: string): string | null {
  const bare = raw.replace(/^第/, "").replace(/(?:号楼|号栋|#楼|栋楼?|幢楼?|座|#|号)$/, "");
  const read = readNumerals(bare, new RegExp(`${numeralRun}(?=[期区]|$)`, "g"));
  if (read === null || read === "" || !buildingPattern.test(read)) return null;
  const building = withoutZeros(read);
  return /^0?$/.test(building.replace(/[^0-9]/g, "")) && !/\D/.test(building) ? null : building;
}

function readUnit(raw: string): string | null {
  const bare = raw.replace(/^第/, "").replace(/(?:单元门?|门)$/, "");
  if (/^[-无]?$/.test(bare)) return onlyUnit;
  const read = readNumerals(bare, new RegExp(numeralRun, "g"));
  if (read === null) return null;
  const unit = withoutZeros(read);
  return /^(?:[1-9]\d?|[A-Z]|[甲乙丙丁东西南北中])$/.test(unit) ? unit : null;
}

/**
 * `5楼9号` is how Chengdu title deeds write the ninth door of the fifth floor; on plates and lists the same door is
 * 509. Where the number already carries its floor (`5楼509`), both must agree.
 */
function readNumber(raw: string): { door: string } | { reason: DoorRefusal } {
  const read = readNumerals(raw.replace(/(?:室|号房?|户|房|门牌号?)$/, ""), new RegExp(numeralRun, "g"));
  if (read === null) return { reason: "door-unreadable" };
  const onFloor = /^0?([1-9]\d?)(?:楼|层|F)-?0*(\d{1,4})$/.exec(read);
  if (onFloor) return numberOnFloor(Number(onFloor[1]), Number(onFloor[2]));
  const door = withoutZeros(read);
  if (!/^(?:[A-Z]?[1-9]\d{0,3}[A-Z]?|[A-Z])$/.test(door)) return { reason: "door-unreadable" };
  return { door };
}

function numberOnFloor(floor: number, number: number): { door: string } | { reason: DoorRefusal } {
  if (number === 0) return { reason: "door-unreadable" };
  if (number < 100) return { door: String(floor * 100 + number) };
  return Math.floor(number / 100) === floor ? { door: String(number) } : { reason: "door-floor-contradicts" };
}

function build(rawBuilding: string, rawUnit: string, rawNumber: string): DoorResult {
  const building = readBuilding(rawBuilding);
  if (building === null) return refuse("door-building-unreadable");
  const unit = readUnit(rawUnit);
  if (unit === null) return refuse("door-unit-unreadable");
  const number = readNumber(rawNumber);
  if ("reason" in number) return refuse(number.reason);
  return { ok: true, door: { building, unit, door: number.door } };
}

/** A text that may name the whole way to a door; null where it holds no more than the number itself. */
function parseWhole(raw: string): DoorResult | null {
  const english = englishPattern.exec(raw.normalize("NFKC").trim());
  if (english) return build(compact(english[1] ?? ""), compact(english[2] ?? ""), compact(english[3] ?? ""));
  const text = compact(raw).replace(addressPattern, "");
  const marked = markedPattern.exec(text);
  if (marked) return parseAfterBuilding(marked[1] ?? "", marked[2], marked[3] ?? "");
  const parts = text.split("-");
  const [first = "", second = "", third = "", fourth = ""] = parts;
  if (parts.length === 2 && /单元/.test(first)) return null;
  if (parts.length === 2) return build(first, "", second);
  if (parts.length === 3) return build(first, second, third);
  if (parts.length === 4 && /^\d{1,2}$/.test(third) && /^\d{1,2}$/.test(fourth)) {
    return build(first, second, `${third}楼${fourth}`);
  }
  return parts.length > 3 ? refuse("door-unreadable") : null;
}

/** `3栋2-501` and `3栋5-2-501`: a building with its mark, the rest with dashes. */
function parseAfterBuilding(building: string, unit: string | undefined, rest: string): DoorResult {
  const dashed = /^([^-楼层]+)-(.+)$/.exec(rest);
  if (unit === undefined && dashed) return build(building, dashed[1] ?? "", dashed[2] ?? "");
  return build(building, unit ?? "", rest);
}

/**
 * Reads a door number as people write it: `3栋2单元501`, `3-2-501`, `3-2-0501`, `3幢2单元501室`, `三栋二单元五〇一`,
 * `３－２－５０１`, `A栋501`, `Building 3 Unit 2 Room 501`, `3栋2单元5楼9号`, with or without the courtyard's address
 * before it. Without a unit the building counts as one unit ({@link onlyUnit}).
 */
export function parseDoor(raw: string): DoorResult {
  if (raw.trim() === "") return refuse("door-empty");
  if (raw.length > longestDoorText) return refuse("door-unreadable");
  if (datePattern.test(raw.normalize("NFKC").trim())) return refuse("door-looks-like-date");
  return (
    parseWhole(raw) ?? refuse(/[栋幢座#]|号楼/.test(compact(raw)) ? "door-unreadable" : "door-no-building")
  );
}

/**
 * Reads a door that a table keeps in up to three columns. The door column may hold the whole door as well; then all
 * that is said must agree.
 */
export function parseDoorColumns(columns: { building: string; unit: string; door: string }): DoorResult {
  const { building, unit, door } = columns;
  if (building.trim() === "") return parseDoor(door);
  if (door.trim() === "") return refuse("door-empty");
  if (Math.max(building.length, unit.length, door.length) > longestDoorText) return refuse("door-unreadable");
  if ([building, unit, door].some((text) => datePattern.test(text.normalize("NFKC").trim()))) {
    return refuse("door-looks-like-date");
  }
  const inUnit = /^(.+?)(?:单元门?-?|-)(.+)$/.exec(compact(door));
  const whole = /[栋幢座]|-.*-|building/i.test(compact(door)) ? parseWhole(door) : null;
  if (whole === null && inUnit)
    return agree(build(compact(building), inUnit[1] ?? "", inUnit[2] ?? ""), building, unit);
  if (whole !== null) return agree(whole, building, unit);
  return build(compact(building), compact(unit), compact(door));
}

function agree(result: DoorResult, building: string, unit: string): DoorResult {
  if (!result.ok) return result;
  const sameBuilding = readBuilding(compact(building)) === result.door.building;
  const sameUnit = unit.trim() === "" || readUnit(compact(unit)) === result.door.unit;
  return sameBuilding && sameUnit ? result : refuse("door-parts-contradict");
}

/** The short form, which is also the key of a household within its courtyard: `3-2-501`. */
export const doorKey = ({ building, unit, door }: Door): string => `${building}-${unit}-${door}`;

/**
 * The form neighbours say: `3栋2单元501`. Spreadsheet programs leave it alone, whereas they take `3-2-5` for a day of
 * the calendar.
 */
export const doorInWords = ({ building, unit, door }: Door, language: "zh-CN" | "en" = "zh-CN"): string =>
  language === "en" ? `Building ${building}, Unit ${unit}, Room ${door}` : `${building}栋${unit}单元${door}`;

/** The floor a door number stands for: 501 → 5, 1203 → 12; null where the number carries none. */
export function floorOf(door: string): number | null {
  const number = Number(/\d+/.exec(door)?.[0] ?? 0);
  return number >= 100 ? Math.floor(number / 100) : null;
}
