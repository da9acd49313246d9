import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { pino } from "pino";
import type { Page } from "playwright-core";
import { build } from "vite";
import { moveMark } from "../../server/chat/channels.ts";
import { addHouseholds, createCommunity, createCourtyard } from "../../server/community/places.ts";
import { compose } from "../../server/compose.ts";
import { toConfig } from "../../server/config/config.ts";
import { sessionCookie } from "../../server/identity/sessions.ts";
import type { Role } from "../../shared/identity/model.ts";

/** A whole server with a courtyard of two buildings, serving the chat alone to real browsers. */
export async function openStage() {
  const directory = await mkdtemp(join(tmpdir(), "yuanba-chat-"));
  const clientDir = join(directory, "client");
  await build({
    root: join(import.meta.dirname, "stage"),
    plugins: [react()],
    logLevel: "error",
    build: { outDir: clientDir, emptyOutDir: true },
  });
  let stoppedAt: number | null = null;
  const clock = { now: () => stoppedAt ?? Date.now() };
  const app = await compose(toConfig({ PORT: "0", DATA_DIR: join(directory, "data") }), {
    clientDir,
    clock,
    logger: pino({ level: "silent" }),
  });
  const { url } = await app.start();
  const now = Date.now();
  const yard = await app.storage.write(async (tx) => {
    const communityId = await createCommunity(tx, "晋阳", now);
    const place = { communityId, name: "晋院 26 号", boardsAt: "courtyard" as const, openBoards: true };
    const courtyardId = await createCourtyard(tx, place, now);
    const door = (building: string, unit: string, number: string) => ({
      building,
      unit,
      door: number,
      area: null,
      contact: null,
    });
    const doors = [door("1", "1", "302"), door("3", "2", "501"), door("3", "2", "502")];
    return { communityId, courtyardId, households: await addHouseholds(tx, courtyardId, doors, now) };
  });
  const channel = async (): Promise<string> => {
    const row = await app.storage.db
      .selectFrom("channels")
      .select("id")
      .where("building_id", "is", null)
      .executeTakeFirstOrThrow();
    return row.id;
  };

  let people = 0;
  /** A resident behind the nth door, with a cookie for a browser. */
  const person = async (nth: number, name: string, role?: Role) => {
    const residentId = `resident-${++people}`;
    const token = await app.storage.write(async (tx) => {
      await tx.db
        .insertInto("residents")
        .values({
          id: residentId,
          community_id: yard.communityId,
          household_id: yard.households[nth] ?? null,
          display_name: name,
          status: "confirmed",
          password_hash: null,
          failed_sign_ins: 0,
          locked_until: 0,
          created_at: 1,
          confirmed_at: null,
          confirmed_by: null,
        })
        .execute();
      if (role) {
        await tx.db
          .insertInto("role_grants")
          .values({
            id: `${residentId}-role`,
            resident_id: residentId,
            role,
            courtyard_id: yard.courtyardId,
            building_id: null,
            granted_by: null,
            created_at: now,
            ended_at: null,
          })
          .execute();
      }
      return (await app.sessions.start(tx, { communityId: yard.communityId, residentId, device: "test" }))
        .token;
    });
    return { residentId, name, token };
  };
  type Person = Awaited<ReturnType<typeof person>>;

  return {
    app,
    url,
    channel,
    person,
    /** Gives a page this person's session and opens the chat. */
    enter: async (page: Page, { token }: Person): Promise<void> => {
      await page
        .context()
        .addCookies([{ name: sessionCookie, value: token, url, httpOnly: true, sameSite: "Lax" }]);
      await page.goto(`${url}/chat`);
      await page.getByRole("textbox", { name: "说给全院听" }).waitFor();
    },
    /** Writes history straight into the channel, as an import would. */
    tellHistory: async (lines: readonly { author: Person; text: string; at: number }[]): Promise<void> => {
      const channelId = await channel();
      await app.storage.write(async ({ db }) => {
        const rows = lines.map(({ author, text, at }, index) => ({
          id: `history-${String(index).padStart(5, "0")}`,
          channel_id: channelId,
          seq: index + 1,
          author_id: author.residentId,
          text,
          at,
          edited_at: null,
          deleted_at: null,
          state: "shown" as const,
          version: 1,
          log_after: 0,
        }));
        await db.insertInto("messages").values(rows).execute();
        await db.updateTable("channels").set({ seq: rows.length }).where("id", "=", channelId).execute();
      });
    },
    /** Stops the server's clock, and lets it run again. */
    stopClock: (): void => {
      stoppedAt = Date.now();
    },
    startClock: (): void => {
      stoppedAt = null;
    },
    /** This person has read the channel up to here. */
    hasSeen: async ({ residentId }: Person, seq: number): Promise<void> => {
      const channelId = await channel();
      await app.storage.write(({ db }) => moveMark(db, { channelId, residentId, seq }));
    },
    close: async (): Promise<void> => {
      await app.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
export type Stage = Awaited<ReturnType<typeof openStage>>;
