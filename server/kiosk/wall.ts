import { kioskLimits, type WallBuilding, type WallDoor, type WallView } from "../../shared/kiosk/model.ts";
import { votesForWall, wallVote } from "../../shared/kiosk/wall-vote.ts";
import type { ProposalView } from "../../shared/proposals/model.ts";
import type { Clock } from "../clock.ts";
import type { Places, PlaceTree } from "../community/places.ts";
import type { EventLog } from "../events/log.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import {
  boardsVersion,
  readCells,
  readFresh,
  readNotices,
  type ShownBoard,
  shownBoards,
  thingsByHousehold,
} from "./reading.ts";

/** "This week" moves on by itself; an unchanged board is read again after this long, milliseconds. */
const weekGrain = 600_000;

/** Votes as the proposals area already shows them to the public. */
export interface WallVotes {
  /** Open ones, and those that ended after a time, newest first. */
  votes(courtyardId: string, endedAfter: number): Promise<ProposalView[]>;
}

export interface Place {
  communityId: string;
  courtyardId: string;
}

/** What a public screen may see: the one serialiser for the audience "wall" (INV-8). */
export interface Wall {
  view(place: Place): Promise<WallView>;
  /** @throws Refusal `not-found` for a unit this wall does not show */
  unit(place: Place, unitId: string): Promise<WallDoor[]>;
  boards(courtyardId: string): Promise<ShownBoard[]>;
  fresh(courtyardId: string): Promise<Pick<WallView, "fresh" | "freshCount">>;
  notices(courtyardId: string): Promise<WallView["notices"]>;
}

/** Reads a courtyard's wall; many screens that ask at once, or while nothing changed, are one reading. */
export function createWall(deps: {
  storage: Pick<Storage, "db">;
  places: Pick<Places, "tree">;
  log: Pick<EventLog, "head">;
  votes: WallVotes;
  clock: Clock;
  publicUrl: string | null;
}): Wall {
  const { storage, places, log, votes, clock, publicUrl } = deps;
  const { db } = storage;
  const boardParts = createKeptReading<Omit<WallView, "votes">>();
  const voteParts = createKeptReading<WallView["votes"]>();

  const treeOf = async (courtyardId: string): Promise<PlaceTree> => {
    const tree = await places.tree(courtyardId);
    if (!tree) throw new Refusal("not-found", "There is no such courtyard.");
    return tree;
  };

  const readBoardPart = async (courtyardId: string): Promise<Omit<WallView, "votes">> => {
    const [tree, boards] = await Promise.all([treeOf(courtyardId), shownBoards(db, courtyardId)]);
    const ids = boards.map(({ id }) => id);
    const [things, fresh, notices] = await Promise.all([
      thingsByHousehold(db, ids),
      readFresh(db, ids, tree, clock.now() - kioskLimits.freshFor),
      readNotices(db, boards, tree),
    ]);
    const buildings = presentBuildings(tree, boards, things);
    return { courtyard: tree.name, joinUrl: publicUrl, buildings, ...fresh, notices };
  };

  return {
    view: async ({ communityId, courtyardId }) => {
      // Each key is read before what it stands for, so that what is kept is never older than its key.
      const [version, head] = await Promise.all([boardsVersion(db, courtyardId), log.head(communityId)]);
      const now = clock.now();
      const [boardPart, votePart] = await Promise.all([
        boardParts(courtyardId, `${version} ${Math.floor(now / weekGrain)}`, () =>
          readBoardPart(courtyardId),
        ),
        voteParts(courtyardId, String(head), async () =>
          votesForWall((await votes.votes(courtyardId, now - kioskLimits.resultFor)).map(wallVote)),
        ),
      ]);
      return { ...boardPart, votes: votePart };
    },

    unit: async ({ courtyardId }, unitId) => {
      const [tree, boards] = await Promise.all([treeOf(courtyardId), shownBoards(db, courtyardId)]);
      const building = tree.buildings.find(({ units }) => units.some(({ id }) => id === unitId));
      const households = building?.units.find(({ id }) => id === unitId)?.households ?? [];
      const board = boards.find(({ buildingId }) => buildingId === null || buildingId === building?.id);
      if (!building || !board) throw new Refusal("not-found", "This wall shows no such unit.");
      const cells = await readCells(
        db,
        board.id,
        households.map(([id]) => id),
      );
      return cells.map((cell, index) => ({ ...cell, door: households[index]?.[1] ?? "" }));
    },

    boards: (courtyardId) => shownBoards(db, courtyardId),
    fresh: async (courtyardId) => {
      const [tree, boards] = await Promise.all([treeOf(courtyardId), shownBoards(db, courtyardId)]);
      const ids = boards.map(({ id }) => id);
      return readFresh(db, ids, tree, clock.now() - kioskLimits.freshFor);
    },
    notices: async (courtyardId) => {
      const [tree, boards] = await Promise.all([treeOf(courtyardId), shownBoards(db, courtyardId)]);
      return readNotices(db, boards, tree);
    },
  };
}

/** The buildings whose cells the public may see, with how much hangs in each unit. */
function presentBuildings(
  tree: PlaceTree,
  boards: readonly ShownBoard[],
  things: ReadonlyMap<string, number>,
): WallBuilding[] {
  const shown = (id: string) => boards.some(({ buildingId }) => buildingId === null || buildingId === id);
  return tree.buildings
    .filter(({ id }) => shown(id))
    .map((building) => ({
      buildingId: building.id,
      name: building.name,
      units: building.units.map((unit) => ({
        unitId: unit.id,
        name: unit.name,
        doors: unit.households.length,
        things: unit.households.reduce((sum, [id]) => sum + (things.get(id) ?? 0), 0),
      })),
    }));
}

/** Keeps one reading for each id as long as its key stays; those who ask meanwhile share it. */
function createKeptReading<T>() {
  const kept = new Map<string, { key: string; value: Promise<T> }>();
  return (id: string, key: string, read: () => Promise<T>): Promise<T> => {
    const known = kept.get(id);
    if (known?.key === key) return known.value;
    const value = read();
    kept.set(id, { key, value });
    value.catch(() => {
      if (kept.get(id)?.value === value) kept.delete(id);
    });
    return value;
  };
}
