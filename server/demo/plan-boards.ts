import { atClock, day, daytimeBetween } from "./local-time.ts";
import type { Home } from "./plan-homes.ts";
import type { DemoPeople } from "./plan-people.ts";
import type { DemoPlaces } from "./plan-places.ts";
import type { DemoBoard, DemoList, DemoNotice, DemoResident } from "./plan-types.ts";
import type { Random } from "./random.ts";
import * as words from "./words/boards.ts";

/** What everyone of a board shares: two lists and a notice each. */
export function planBoards(
  random: Random,
  now: number,
  places: DemoPlaces,
  homes: readonly Home[],
  people: DemoPeople,
): { lists: DemoList[]; notices: DemoNotice[] } {
  const buildingOf = new Map(homes.map(({ household }) => [household.id, household.buildingId]));
  const writersOf = ({ buildingId }: DemoBoard) =>
    people.residents.filter(
      ({ householdId, status }) =>
        householdId !== null &&
        status === "confirmed" &&
        (buildingId === null || buildingOf.get(householdId) === buildingId),
    );
  const lists = places.boards.flatMap((board) => {
    const titles =
      board.buildingId === null
        ? [words.gardenList, words.dinnerList]
        : random.shuffle(words.buildingLists).slice(0, 2);
    return titles.map((list) => planList(random, now, board, list, writersOf(board)));
  });
  const notices = places.boards.map((board): DemoNotice => {
    const steward = people.stewards.get(board.buildingId ?? "");
    return {
      boardId: board.id,
      text: board.buildingId === null ? words.courtyardNotice : random.pick(words.buildingNotices),
      writtenBy: (steward ?? people.officer).id,
      writtenAt: daytimeBetween(random, now - 5 * day, now - 2 * day),
    };
  });
  return { lists, notices };
}

function planList(
  random: Random,
  now: number,
  board: DemoBoard,
  list: words.ListWords,
  writers: readonly DemoResident[],
): DemoList {
  const since = atClock(now, 12, "10:00");
  const times = list.entries
    .map(() => daytimeBetween(random, since, now))
    .sort((left, right) => left - right);
  const entries = list.entries.map((entry, index) => ({
    id: random.id(),
    ...words.readEntry(entry),
    addedBy: random.pick(writers).id,
    addedAt: times[index] ?? since,
  }));
  return { id: random.id(), boardId: board.id, title: list.title, entries };
}
