import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessions } from "../../server/identity/sessions.ts";
import { StorageError } from "../../server/storage/errors.ts";
import type { Storage } from "../../server/storage/storage.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { createWorld, day, type World } from "./world.ts";

/** The same storage, of which no write succeeds. */
const failing = (storage: Storage, fault: Error): Storage => ({
  ...storage,
  readKnown: (...question) => storage.readKnown(...question),
  write: () => Promise.reject(fault),
});

/** Makes the storage refuse every write, as a full disk or a database that is only read does. */
const refuseWrites = async ({ storage }: OpenedStorage): Promise<Storage> => {
  if (storage.dialect === "sqlite")
    return failing(storage, new StorageError("disk-full", "The disk is full."));
  await sql`do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`.execute(
    storage.db,
  );
  // What is connected keeps its own setting.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
    storage.db,
  );
  await sql`set default_transaction_read_only = on`.execute(storage.db);
  return storage;
};

describe.each(dialects)("sessions on $name that can only be read", ({ open }) => {
  let opened: OpenedStorage;
  let world: World;
  let someone: { token: string; residentId: string };
  beforeAll(async () => {
    opened = await open();
    world = await createWorld(opened.storage);
    someone = await world.someone({ household: world.place.households[0] });
  });
  afterAll(() => opened.close());

  it("[ID-32] who was not seen for a day comes in, and the fault is told once", async () => {
    const { token, residentId } = someone;
    const faults: unknown[] = [];
    const storage = await refuseWrites(opened);
    const sessions = createSessions({ storage, clock: world.clock, onFault: (error) => faults.push(error) });
    world.clock.time += day;
    for (let time = 0; time < 3; time++)
      expect((await sessions.byToken(token))?.actor).toMatchObject({ kind: "person", residentId });
    expect(faults).toHaveLength(1);
  });

  it("[ID-32] a fault that is not the storage's is not hidden", async () => {
    const storage = failing(opened.storage, new Error("a mistake"));
    const sessions = createSessions({ storage, clock: world.clock });
    world.clock.time += day;
    await expect(sessions.byToken(someone.token)).rejects.toThrow("a mistake");
  });
});
