import { systemClock } from "../../server/clock.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import { newId } from "../../server/identity/secrets.ts";
import { createSessions } from "../../server/identity/sessions.ts";
import { openStorage } from "../../server/storage/open.ts";
import { asStarted } from "../services/as-started.ts";
import { freePort } from "../services/ports.ts";
import { type Service, startProcess } from "../services/process.ts";
import { until } from "../services/until.ts";

export interface SeededHousehold {
  householdId: string;
  residentId: string;
  token: string;
}

export interface Seeded {
  courtyardId: string;
  boardId: string;
  channelId: string;
  households: SeededHousehold[];
  facilitator: { token: string };
  officer: { token: string };
}

interface Where {
  dataDir: string;
  databaseUrl?: string;
}

/** Writes a courtyard of so many households, a resident with a session in each, a facilitator and an officer. */
export async function seedCourtyard({ dataDir, databaseUrl }: Where, count: number): Promise<Seeded> {
  const storage = await openStorage({ dataDir, databaseUrl: databaseUrl ?? null, databaseConnections: 4 });
  const sessions = createSessions({ storage, clock: systemClock });
  try {
    return await storage.write(async (tx) => {
      const communityId = await createCommunity(tx, "晋阳社区", 1);
      const courtyardId = await createCourtyard(
        tx,
        { communityId, name: "26 号院", boardsAt: "courtyard", openBoards: true },
        1,
      );
      const doors = Array.from({ length: count }, (_, index) => ({
        building: String(1 + Math.floor(index / 40)),
        unit: String(1 + (Math.floor(index / 20) % 2)),
        door: `${1 + (Math.floor(index / 2) % 10)}0${1 + (index % 2)}`,
        area: 8_000,
        contact: null,
      }));
      const ids = await addHouseholds(tx, courtyardId, doors, 1);
      const person = async (householdId: string | null, role?: string) => {
        const residentId = newId();
        await tx.db
          .insertInto("residents")
          .values({
            id: residentId,
            community_id: communityId,
            household_id: householdId,
            display_name: `邻居 ${residentId}`,
            status: "confirmed",
            password_hash: null,
            failed_sign_ins: 0,
            locked_until: 0,
            created_at: 1,
            confirmed_at: 1,
            confirmed_by: null,
          })
          .execute();
        if (role) {
          const grant = { role, courtyard_id: courtyardId, building_id: null, granted_by: null };
          const row = { id: newId(), resident_id: residentId, ...grant, created_at: 1, ended_at: null };
          await tx.db.insertInto("role_grants").values(row).execute();
        }
        const { token } = await sessions.start(tx, { communityId, residentId, strong: true, device: "test" });
        return { residentId, token };
      };
      const households: SeededHousehold[] = [];
      for (const householdId of ids) households.push({ householdId, ...(await person(householdId)) });
      const facilitator = await person(null, "facilitator");
      const officer = await person(null, "officer");
      const board = await tx.db
        .selectFrom("boards")
        .select("id")
        .where("courtyard_id", "=", courtyardId)
        .executeTakeFirstOrThrow();
      const channel = await tx.db
        .selectFrom("channels")
        .select("id")
        .where("courtyard_id", "=", courtyardId)
        .where("building_id", "is", null)
        .executeTakeFirstOrThrow();
      return { courtyardId, boardId: board.id, channelId: channel.id, households, facilitator, officer };
    });
  } finally {
    await storage.close();
  }
}

export interface ServerProcess {
  url: string;
  wsUrl: string;
  /** Starts `npm start`'s program on the same port and data, and waits until it is ready. */
  start(): Promise<Service>;
}

/** The real program as a process of its own, on one port and one data folder through all its lives. */
export async function serverProcess(
  { dataDir, databaseUrl }: Where,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    wsUrl: `ws://127.0.0.1:${port}`,
    start: async () => {
      const service = await startProcess(
        process.execPath,
        // As `npm start` runs it.
        ["--max-semi-space-size=8", new URL("../../server/main.ts", import.meta.url).pathname],
        {
          env: {
            PATH: process.env.PATH,
            PORT: String(port),
            DATA_DIR: dataDir,
            LOG_LEVEL: "error",
            ...asStarted,
            ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
            ...env,
          },
        },
      );
      await until("the server is ready", async () => {
        if (!service.isRunning()) throw new Error(`the server has ended: ${service.output()}`);
        return (await fetch(`${url}/readyz`)).ok;
      });
      return service;
    },
  };
}
