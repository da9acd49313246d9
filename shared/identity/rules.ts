/** A slip for a household: Crockford characters of 5 bits each, so 50 bits. */
export const slipCodeLength = 10;
/** People of one household who may join by one slip. */
export const slipUses = 8;
const day = 24 * 3_600_000;
/** A slip lies in a drawer for a while before it is used, ms. */
export const slipLifetime = 60 * day;

/** A sign-in link of one person: uses and lifetime, ms. */
export const linkUses = 5;
export const linkLifetime = 14 * day;
/** A link that opens nothing without its person's password, ms. */
export const passwordLinkLifetime = 180 * day;

/** A link that brings one more device of the same person in, ms. Shown as a QR and used at once. */
export const deviceLinkLifetime = 10 * 60_000;

export const longestDisplayName = 20;
export const longestPassword = 128;
export const shortestPassword = 10;

/** What stops an invitation, in the order a person should hear it. */
export type InvitationFlaw = "code-revoked" | "code-expired" | "code-used-up";

export interface InvitationTerms {
  expiresAt: number;
  usesLeft: number;
  revokedAt: number | null;
}

/** Why an invitation no longer opens anything, or null while it does. */
export function invitationFlaw(invitation: InvitationTerms, now: number): InvitationFlaw | null {
  if (invitation.revokedAt !== null) return "code-revoked";
  if (invitation.expiresAt <= now) return "code-expired";
  return invitation.usesLeft > 0 ? null : "code-used-up";
}

/** "ABCDE-FGHJK": two halves are easier to read off paper and to type. */
export const showCode = (code: string): string =>
  code.length === slipCodeLength ? `${code.slice(0, 5)}-${code.slice(5)}` : code;

/** Wrong passwords in a row that lock a person out. */
export const failuresBeforeLock = 5;
const firstLock = 15 * 60_000;
const longestLock = day;

/**
 * How long the next attempts are refused after `failures` wrong passwords in a row, ms; 0 for not at all.
 * Each further five double it, up to a day.
 */
export function lockAfter(failures: number): number {
  if (failures === 0 || failures % failuresBeforeLock !== 0) return 0;
  return Math.min(longestLock, firstLock * 2 ** (failures / failuresBeforeLock - 1));
}

export type PasswordFlaw = "too-short" | "too-long" | "too-simple";

/** Beginnings of passwords everyone tries first; a longer tail of digits does not save them. */
const trivialWords = [
  "password",
  "passw0rd",
  "admin",
  "administrator",
  "welcome",
  "iloveyou",
  "woaini",
  "mima",
  "qwerty",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "1qaz2wsx",
  "qazwsx",
  "chengdu",
  "yuanba",
  "letmein",
  "abc",
  "a",
  "aa",
  "qq",
];

/** What a password is compared as: one form for full-width and composed characters (NIST SP 800-63B §5.1.1.2). */
export const normalPassword = (password: string): string => password.normalize("NFKC");

/**
 * Why a password is too weak, or null: at least ten characters, not one run or pattern, not a word everyone
 * tries with digits behind it, and not made of what the page itself shows about the person.
 * @param personal words of this person and place (display name, community)
 */
export function passwordFlaw(password: string, personal: readonly string[] = []): PasswordFlaw | null {
  const normal = normalPassword(password);
  const length = [...normal].length;
  if (length < shortestPassword) return "too-short";
  if (length > longestPassword) return "too-long";
  const plain = normal.toLowerCase().replace(/[\s\-_.!@#]/g, "");
  const known = [...trivialWords, ...personal.map((word) => normalPassword(word).toLowerCase())];
  const withoutDigits = plain.replace(/^\d+|\d+$/g, "");
  const trivial =
    withoutDigits === "" ? isPatternOfDigits(plain) : known.includes(withoutDigits) || isRun(withoutDigits);
  return trivial || isRepetition(plain) || new Set(plain).size < 4 ? "too-simple" : null;
}

/** Digits alone: birthdays, phone numbers and runs are what people take and what is tried. */
const isPatternOfDigits = (digits: string): boolean =>
  isRun(digits) || digits.length < 14 || isRepetition(digits);

/** True when each character follows the one before, up, down or not at all: "abcdef", "987654", "1111". */
function isRun(text: string): boolean {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(points.slice(1).map((point, index) => point - (points[index] ?? 0)));
  steps.delete(-9);
  steps.delete(9);
  return text.length > 2 && steps.size <= 1 && Math.abs([...steps][0] ?? 0) <= 1;
}

/** True when the text is one shorter piece said again and again: "abcabcabc". */
function isRepetition(text: string): boolean {
  for (let size = 1; size <= text.length / 2; size++) {
    if (text.length % size === 0 && text.slice(0, size).repeat(text.length / size) === text) return true;
  }
  return false;
}
