import { createBoardStore } from "../../../server/board/board-store.ts";
import { systemClock } from "../../../server/clock.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../../server/community/places.ts";
import { newId } from "../../../server/identity/secrets.ts";
import { createSessions, type Sessions } from "../../../server/identity/sessions.ts";
import { openStorage } from "../../../server/storage/open.ts";
import type { Storage, Tx } from "../../../server/storage/storage.ts";
import { type BoardShape, buildBoard, householdsFor } from "../board.ts";
import type { Setup } from "./peer.ts";

export interface Where {
  dataDir: string;
  databaseUrl?: string;
}

export interface SeededBoard {
  boardId: string;
  households: { householdId: string; residentId: string; token: string }[];
}

/** A courtyard has about so many buildings, each with a board of its own. */
const BOARDS_PER_COURTYARD = 40;
/** A row of `board_clients` has four values, and SQLite takes 32,766 in one statement. */
const BINDINGS_AT_ONCE = 5_000;
const NO_UPDATE = Uint8Array.of(0, 0);

/** Writes boards, their households, and a resident with a session in each, into an empty database. */
export async function seedYuanba({ dataDir, databaseUrl }: Where, setup: Setup): Promise<SeededBoard[]> {
  const storage = await openStorage({ dataDir, databaseUrl: databaseUrl ?? null, databaseConnections: 4 });
  try {
    const sessions = createSessions({ storage, clock: systemClock });
    const communityId = await storage.write((tx) => createCommunity(tx, "晋阳社区", 1));
    const boards: SeededBoard[] = [];
    for (let start = 0; start < setup.boards.length; start += BOARDS_PER_COURTYARD) {
      const shapes = setup.boards.slice(start, start + BOARDS_PER_COURTYARD);
      const places = await storage.write((tx) =>
        addCourtyard(tx, sessions, communityId, shapes, setup.clientsPerBoard),
      );
      for (const [index, shape] of shapes.entries()) {
        const place = places[index];
        if (!place) throw new Error("a building has no board");
        await fill(storage, place, shape);
        boards.push(place);
      }
    }
    return boards;
  } finally {
    await storage.close();
  }
}

async function addCourtyard(
  tx: Tx,
  sessions: Sessions,
  communityId: string,
  shapes: readonly BoardShape[],
  clients: number,
): Promise<SeededBoard[]> {
  const courtyard = { communityId, name: newId(), boardsAt: "building", openBoards: true } as const;
  const courtyardId = await createCourtyard(tx, courtyard, 1);
  const doors = shapes.flatMap(({ items }, index) =>
    Array.from({ length: Math.max(clients, householdsFor(items)) }, (_, door) => ({
      building: String(1 + index),
      unit: String(1 + Math.floor(door / 100)),
      door: `${1 + Math.floor((door % 100) / 4)}0${1 + (door % 4)}`,
      area: 8_000,
      contact: null,
    })),
  );
  const ids = await addHouseholds(tx, courtyardId, doors, 1);
  const rows = await tx.db
    .selectFrom("boards")
    .innerJoin("buildings", "buildings.id", "boards.building_id")
    .select(["boards.id", "buildings.name"])
    .where("boards.courtyard_id", "=", courtyardId)
    .execute();
  const boardOf = new Map(rows.map((row) => [row.name, row.id]));
  const places = shapes.map<SeededBoard>((_, index) => ({
    boardId: boardOf.get(String(1 + index)) ?? "",
    households: [],
  }));
  for (const [at, householdId] of ids.entries()) {
    const place = places[Number(doors[at]?.building) - 1];
    place?.households.push(await addResident(tx, sessions, communityId, householdId));
  }
  return places;
}

async function addResident(tx: Tx, sessions: Sessions, communityId: string, householdId: string) {
  const residentId = newId();
  await tx.db
    .insertInto("residents")
    .values({
      id: residentId,
      community_id: communityId,
      household_id: householdId,
      display_name: `邻居 ${residentId.slice(0, 4)}`,
      status: "confirmed",
      password_hash: null,
      failed_sign_ins: 0,
      locked_until: 0,
      created_at: 1,
      confirmed_at: 1,
      confirmed_by: null,
    })
    .execute();
  const session = { communityId, residentId, strong: true, device: "bench" };
  const { token } = await sessions.start(tx, session);
  return { householdId, residentId, token };
}

/** Puts a board's past into its log, with the account of every client id that has written. */
async function fill(
  storage: Storage,
  { boardId, households }: SeededBoard,
  shape: BoardShape,
): Promise<void> {
  const built = buildBoard(
    shape,
    households.map(({ householdId }) => householdId),
  );
  const store = createBoardStore({ storage, clock: systemClock });
  const bindings = built.clients.map(({ clientId, household }) => ({
    clientId,
    residentId: households[household]?.residentId ?? "",
  }));
  let after = 0;
  for (let start = 0; start < bindings.length; start += BINDINGS_AT_ONCE) {
    await store.commit(boardId, {
      after: after++,
      update: start === 0 ? built.update : NO_UPDATE,
      bindings: bindings.slice(start, start + BINDINGS_AT_ONCE),
      changes: [],
    });
  }
}
