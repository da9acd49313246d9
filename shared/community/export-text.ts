/**
 * Controls, code points that are no characters, the byte order mark, the sign that stands for a character lost on the
 * way (XLSX readers drop it) and the marks that turn the direction of reading; line feeds stay.
 */
const unwanted =
  /(?!\n)[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\p{Noncharacter_Code_Point}]/gu;

/**
 * A text as it can be kept in any table and on any board: line ends as `\n`, tabs as spaces, composed letters, no
 * invisible characters (XML forbids most), no blank ends.
 */
export const cleanText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, " ")
    .replace(unwanted, "")
    .normalize("NFC")
    .trim();

/** The same on one line. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, " ");

/**
 * Spreadsheet programs run a cell that begins with one of these as a formula (OWASP, "CSV Injection"), full-width
 * forms included in Chinese and Japanese versions.
 */
const formulaStart = /^'*[=+\-@＝＋－＠]/;

/** Puts an apostrophe before a text that a spreadsheet program would run. {@link restoreText} takes it away again. */
export const neutraliseText = (text: string): string => (formulaStart.test(text) ? `'${text}` : text);

/** The text that {@link neutraliseText} was given. */
export const restoreText = (text: string): string =>
  text.startsWith("'") && formulaStart.test(text) ? text.slice(1) : text;
