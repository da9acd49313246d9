import type * as Y from "yjs";
import { createBoardStore } from "../../server/board/board-store.ts";
import { createPlaces } from "../../server/community/places.ts";
import { roomsOf } from "../../server/events/rooms.ts";
import { createKiosk } from "../../server/kiosk/kiosk.ts";
import { createProposals } from "../../server/proposals/proposals.ts";
import type { Context } from "../../server/sockets/area.ts";
import type { Tell } from "../../server/sockets/tell.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { Rooms } from "../../server/sync/rooms.ts";
import { editNotice } from "../../shared/board/list-rules.ts";
import { addItem } from "../../shared/board/rules.ts";
import type { KioskActor } from "../../shared/identity/model.ts";
import { kioskContract, unitDoors, wallView } from "../../shared/kiosk/contract.ts";
import { createWorld } from "../identity/world.ts";

export interface Told {
  name: string;
  data: unknown;
  rooms: string[];
}

/** The courtyard of `createWorld` with its real boards, its votes and a screen, on a real database. */
export async function openGate(storage: Storage) {
  const world = await createWorld(storage);
  const { clock, log, sessions, doors, place } = world;
  const told: Told[] = [];
  const faults: unknown[] = [];
  const heardElsewhere = new Set<string>();
  const tell: Pick<Tell, "signal" | "others" | "hear"> = {
    others: () => {},
    hear: () => {},
    signal: (name, data, audience) => {
      told.push({ name, data, rooms: roomsOf(audience as Record<string, string | null>) });
    },
  };
  const onFault = (error: unknown) => faults.push(error);
  const places = createPlaces(storage);
  const rooms = new Rooms({ store: createBoardStore({ storage, clock }) });
  const proposals = createProposals({ storage, log, tell, clock, logger: { error: onFault } });
  const kiosk = createKiosk({
    storage,
    log,
    clock,
    sessions,
    places,
    doors,
    tell,
    rooms,
    elsewhere: (boardId) => {
      heardElsewhere.add(boardId);
      return { close: () => heardElsewhere.delete(boardId) };
    },
    votes: proposals.wall,
    config: { publicUrl: "https://yuan.example", secureCookies: true },
    onFault,
  });
  kiosk.start();

  const boards = await storage.db
    .selectFrom("boards")
    .select(["id", "building_id"])
    .where("courtyard_id", "=", place.courtyardId)
    .execute();
  const boardId = boards[0]?.id ?? "";

  const screen: KioskActor = {
    kind: "kiosk",
    sessionId: "session-of-a-screen",
    kioskId: "kiosk-at-the-gate",
    communityId: place.communityId,
    courtyardId: place.courtyardId,
  };
  const context = (): Context => ({
    session: {
      actor: screen,
      strong: false,
      status: "confirmed",
      roles: [],
      needsPassword: false,
      endsAt: Number.MAX_SAFE_INTEGER,
    },
    actor: screen,
    person: () => {
      throw new Error("a screen");
    },
    now: clock.now(),
  });

  let items = 0;
  const writer = { residentId: "writer-of-things", displayName: "写东西的人", householdId: null, door: null };
  return {
    ...world,
    kiosk,
    proposals,
    rooms,
    told,
    faults,
    /** Boards whose commits on other nodes are listened to. */
    heardElsewhere,
    boardId,
    screen,
    context,
    edit: (edit: (doc: Y.Doc) => void, board = boardId) => rooms.edit(board, writer, edit),
    list: (
      household: string,
      thing: { title: string; category?: string; note?: string; quantity?: number },
    ) => {
      items += 1;
      const itemId = `item-${items}`;
      const fields = { category: "tools", note: "", quantity: 1, ...thing };
      return rooms.edit(boardId, writer, (doc) => {
        const refused = addItem(doc, household, itemId, fields);
        if (refused) throw new Error(refused);
      });
    },
    notice: (text: string) =>
      rooms.edit(boardId, writer, (doc) => {
        editNotice(doc, text);
      }),
    view: async () => wallView.parse(await kiosk.handlers.queries["kiosk.wall"]({}, context())),
    snapshot: async () => kioskContract.snapshot.parse(await kiosk.handlers.snapshot(context().session)),
    unit: async (unitId: string) =>
      unitDoors.parse(await kiosk.handlers.queries["kiosk.unit"]({ unitId }, context())).doors,
    close: async () => {
      kiosk.stop();
      await proposals.stop();
      await rooms.drain({ slices: 1, deadline: 5_000 });
    },
  };
}
export type Gate = Awaited<ReturnType<typeof openGate>>;
