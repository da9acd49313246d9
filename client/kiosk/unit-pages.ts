import { floorOf, houseFront } from "../board/grid/grid-model.ts";
import { doorsPerPage, type Grid, gridOf, pageCount, pagesOf, roomOf } from "./label-fit.ts";

interface Numbered {
  readonly door: string;
}

interface Floors {
  readonly count: number;
  /** Doors of the floor that has most. */
  readonly widest: number;
}

/** The floors of these doors; null where numbers name none, or where one has more doors than a page holds. */
function floorsOf(doors: readonly Numbered[]): Floors | null {
  const sizes = new Map<number, number>();
  for (const { door } of doors) {
    const floor = floorOf(door);
    sizes.set(floor, (sizes.get(floor) ?? 0) + 1);
  }
  const widest = Math.max(0, ...sizes.values());
  return widest === 0 || widest > doorsPerPage || sizes.has(0) ? null : { count: sizes.size, widest };
}

const floorsPerPage = ({ widest }: Floors): number => Math.floor(doorsPerPage / widest);

/** How many pages a unit with these doors takes, in whatever order they come. */
export function unitPageCount(doors: readonly Numbered[]): number {
  const floors = floorsOf(doors);
  return floors ? pageCount(floors.count, floorsPerPage(floors)) : pageCount(doors.length, doorsPerPage);
}

/** The pages of a unit from the top floor down, evenly filled; no floor is divided that fits on one. */
export function unitPages<D extends Numbered>(doors: readonly D[]): D[][] {
  const front = houseFront(doors);
  const floors = floorsOf(front);
  if (!floors) return pagesOf(front, doorsPerPage);
  return pagesOf(byFloor(front), floorsPerPage(floors)).map((page) => page.flat());
}

function byFloor<D extends Numbered>(front: readonly D[]): D[][] {
  const floors: D[][] = [];
  for (const door of front) {
    const floor = floors.at(-1);
    if (floor?.[0] && floorOf(floor[0].door) === floorOf(door.door)) floor.push(door);
    else floors.push([door]);
  }
  return floors;
}

export interface UnitLayout {
  readonly grid: Grid;
  /** The column of each door, from 1; null where they simply follow each other. */
  readonly columns: readonly number[] | null;
}

/**
 * How the doors of a page lie on the screen: a floor in a row, or several floors side by side, whichever leaves more
 * room for labels. Doors without floors, and floors too wide for the screen, follow each other.
 */
export function unitLayout(doors: readonly Numbered[], portrait: boolean): UnitLayout {
  const floors = floorsOf(doors);
  const mostColumns = portrait ? 2 : 4;
  if (!floors || floors.widest === 1 || floors.widest > mostColumns) {
    return { grid: gridOf(doors.length, portrait), columns: null };
  }
  const { count, widest } = floors;
  const grids = Array.from({ length: Math.floor(mostColumns / widest) }, (_, index) => index + 1)
    .filter((beside) => beside <= count)
    .map((beside) => ({ columns: beside * widest, rows: Math.ceil(count / beside) }));
  const grid = grids.reduce((best, other) => (space(other, portrait) > space(best, portrait) ? other : best));
  const beside = grid.columns / widest;
  const columns = byFloor(doors).flatMap((floor, at) =>
    floor.map((_, index) => (at % beside) * widest + index + 1),
  );
  return { grid, columns };
}

/** Characters of labels a cell holds. */
function space(grid: Grid, portrait: boolean): number {
  const { width, lines } = roomOf(grid, portrait);
  return width * lines;
}
