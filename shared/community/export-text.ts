/**
 * Characters no cell may carry: controls other than tab and line feed (XML forbids them), the byte order mark, and the
 * marks that turn the direction of reading.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unwritable =
  /[\u0000-\u0008\u000b-\u001f\u007f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** A text as it can be kept in any table: line ends as `\n`, no control characters, no blank ends. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, "\n").replace(unwritable, "").trim();

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
