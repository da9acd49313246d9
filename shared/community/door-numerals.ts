const digitOf: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/** The characters a Chinese number may be written with, for use inside a regular expression class. */
export const numeralCharacters = "零〇一二两三四五六七八九十百";

/**
 * Reads a Chinese number as it stands on door plates: by place (`十二`, `九十九`, `一百零三`, up to 999) or digit by
 * digit (`五〇一` is 501). Answers null for what is neither, such as `十百`.
 */
export function readNumeral(text: string): number | null {
  if (!/[十百]/.test(text)) return readDigits(text);
  const match =
    /^(?:([一二两三四五六七八九])百)?零?(?:([一二两三四五六七八九])?(十))?([一二两三四五六七八九])?$/.exec(
      text,
    );
  if (!match) return null;
  const [, hundreds, tens, ten, ones] = match;
  return (
    100 * (hundreds ? (digitOf[hundreds] ?? 0) : 0) +
    10 * (ten ? (tens ? (digitOf[tens] ?? 0) : 1) : 0) +
    (ones ? (digitOf[ones] ?? 0) : 0)
  );
}

function readDigits(text: string): number | null {
  if (text === "") return null;
  let value = 0;
  for (const character of text) {
    const digit = digitOf[character];
    if (digit === undefined) return null;
    value = value * 10 + digit;
  }
  return value;
}
