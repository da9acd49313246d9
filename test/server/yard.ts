import { rm } from "node:fs/promises";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import { type App, compose, type Overrides } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import { newId } from "../../server/identity/secrets.ts";
import type { Role } from "../../shared/identity/model.ts";
import { makeScratch } from "../services/scratch.ts";

export interface Yard {
  app: App;
  url: string;
  /** The same address for WebSockets. */
  wsUrl: string;
  communityId: string;
  courtyardId: string;
  boardId: string;
  /** Household ids by door, "3-2-501". */
  households: Map<string, string>;
  household(door: string): string;
  /** A resident of a household with a session; the token goes into `Authorization`. */
  resident(
    door: string | null,
    roles?: Role[],
  ): Promise<{ token: string; residentId: string; sessionId: string }>;
  kiosk(): Promise<{ token: string; kioskId: string }>;
  close(): Promise<void>;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A real server on a free port with a small courtyard: 2 buildings × 2 units × 3 doors. */
export async function openYard(
  options: { env?: Record<string, string>; overrides?: Overrides } = {},
): Promise<Yard> {
  const directory = await makeScratch("yard");
  const config = toConfig({ PORT: "0", DATA_DIR: directory, LOG_LEVEL: "silent", ...options.env });
  const app = await compose(config, options.overrides);
  const { port } = await app.start();
  const built = await app.storage.write(async (tx) => {
    const communityId = await createCommunity(tx, "晋阳社区", 1);
    const courtyardId = await createCourtyard(
      tx,
      { communityId, name: "26 号院", boardsAt: "courtyard", openBoards: true },
      1,
    );
    const doors = ["1", "2"].flatMap((building) =>
      ["1", "2"].flatMap((unit) =>
        ["101", "201", "301"].map((door) => ({ building, unit, door, area: 8000, contact: null })),
      ),
    );
    const ids = await addHouseholds(tx, courtyardId, doors, 1);
    const board = await tx.db.selectFrom("boards").select("id").executeTakeFirstOrThrow();
    const names = doors.map(({ building, unit, door }) => `${building}-${unit}-${door}`);
    return {
      communityId,
      courtyardId,
      boardId: board.id,
      households: new Map(names.map((name, at) => [name, ids[at] ?? ""])),
    };
  });
  const household = (door: string) => {
    const found = built.households.get(door);
    if (!found) throw new Error(`There is no door ${door}`);
    return found;
  };
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    ...built,
    household,
    resident: (door, roles = []) =>
      app.storage.write(async (tx) => {
        const residentId = newId();
        await tx.db
          .insertInto("residents")
          .values({
            id: residentId,
            community_id: built.communityId,
            household_id: door === null ? null : household(door),
            display_name: `邻居 ${door ?? residentId}`,
            status: "confirmed",
            password_hash: null,
            failed_sign_ins: 0,
            locked_until: 0,
            created_at: 1,
            confirmed_at: 1,
            confirmed_by: null,
          })
          .execute();
        for (const role of roles) {
          await tx.db
            .insertInto("role_grants")
            .values({
              id: newId(),
              resident_id: residentId,
              role,
              courtyard_id: built.courtyardId,
              building_id: null,
              granted_by: null,
              created_at: 1,
              ended_at: null,
            })
            .execute();
        }
        const session = await app.sessions.start(tx, {
          communityId: built.communityId,
          residentId,
          strong: true,
          device: "test",
        });
        return { ...session, residentId };
      }),
    kiosk: () =>
      app.storage.write(async (tx) => {
        const kioskId = newId();
        await tx.db
          .insertInto("kiosks")
          .values({
            id: kioskId,
            community_id: built.communityId,
            courtyard_id: built.courtyardId,
            name: "门口大屏",
            paired_by: "test",
            paired_at: 1,
            unpaired_at: null,
            last_seen_at: null,
          })
          .execute();
        const session = await app.sessions.start(tx, {
          communityId: built.communityId,
          kioskId,
          device: "screen",
        });
        return { ...session, kioskId };
      }),
    close: async () => {
      await app.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
