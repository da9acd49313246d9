/** No spreadsheet has more rows (ECMA-376, Excel's limit). */
const lastLine = 1_048_576;
const mostRanges = 20_000;

/** Line numbers as a short text: `3,7-9`. */
export function writeLines(lines: Iterable<number>): string {
  const ranges: [number, number][] = [];
  for (const line of [...new Set(lines)].sort((left, right) => left - right)) {
    const last = ranges.at(-1);
    if (last && line === last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

/**
 * The line numbers of a text that {@link writeLines} wrote; null when it is none. Ranges rise, so that no line is
 * counted twice and the work ends with the last line a table can have.
 */
export function readLines(text: string): Set<number> | null {
  const lines = new Set<number>();
  if (text === "") return lines;
  const ranges = text.split(",");
  if (ranges.length > mostRanges) return null;
  let before = 0;
  for (const range of ranges) {
    const match = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(range);
    if (!match) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first <= before || last < first || last > lastLine) return null;
    before = last;
    for (let line = first; line <= last; line += 1) lines.add(line);
  }
  return lines;
}
