import type { WallLabel } from "../../shared/kiosk/model.ts";

/** Doors on one page of a unit: as many as can still be read from five metres. */
export const doorsPerPage = 8;

/** A unit's pages, evenly filled: twelve doors are six and six, not eight and four. */
export function pagesOf<T>(all: readonly T[], most: number): T[][] {
  const pages = Math.max(1, Math.ceil(all.length / most));
  const size = Math.ceil(all.length / pages);
  return Array.from({ length: pages }, (_, page) => all.slice(page * size, (page + 1) * size));
}

export const pageCount = (count: number, most: number): number => Math.max(1, Math.ceil(count / most));

export interface Grid {
  columns: number;
  rows: number;
}

/** How `doors` cells lie on the screen. */
export function gridOf(doors: number, portrait: boolean): Grid {
  const columns = portrait
    ? doors <= 3
      ? 1
      : 2
    : doors <= 3
      ? Math.max(1, doors)
      : doors === 4
        ? 2
        : doors <= 6
          ? 3
          : 4;
  return { columns, rows: Math.max(1, Math.ceil(doors / columns)) };
}

/** Room for labels in a cell: width in characters of the wall's text, and lines. */
export interface Room {
  width: number;
  lines: number;
}

// Measured on the page: what the grid leaves to its cells, in characters and in lines of labels, and what a cell
// needs for its edges and its plate.
const across = { landscape: 36.1, portrait: 24.4 };
const down = { landscape: 14.15, portrait: 21.75 };
const cellWidth = 1.3;
const cellLines = 1.55;
const lineGap = 0.25;

export function roomOf({ columns, rows }: Grid, portrait: boolean): Room {
  const side = portrait ? "portrait" : "landscape";
  return {
    width: across[side] / columns - cellWidth,
    lines: Math.max(1, Math.floor((down[side] - lineGap * (rows - 1)) / rows - cellLines)),
  };
}

/** Width of a text in Chinese characters; others are about half as wide. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character > "\u2e80" ? 1 : 0.58;
  return width;
}

/** Picture, edges and the gap to the next label. */
const labelExtra = 2.45;
const quantityWidth = 1.5;
const restWidth = 5;

/** How many of the labels, in their order, have room; what is left over is said in a last one. */
export function labelsThatFit(labels: readonly WallLabel[], room: Room): number {
  const widths = labels.map(({ title, quantity }) =>
    Math.min(room.width, textWidth(title) + labelExtra + (quantity > 1 ? quantityWidth : 0)),
  );
  if (lines(widths, room.width) <= room.lines) return labels.length;
  for (let count = labels.length - 1; count > 0; count--) {
    if (lines([...widths.slice(0, count), restWidth], room.width) <= room.lines) return count;
  }
  return 0;
}

function lines(widths: readonly number[], most: number): number {
  let count = widths.length > 0 ? 1 : 0;
  let used = 0;
  for (const width of widths) {
    if (used > 0 && used + width > most) {
      count += 1;
      used = 0;
    }
    used += width;
  }
  return count;
}
