import type { Clock } from "../clock.ts";
import { writeLink } from "../identity/invitations.ts";
import { createPasswords } from "../identity/passwords.ts";
import { addPairedScreen } from "../kiosk/pairings.ts";
import type { Storage } from "../storage/storage.ts";
import { day } from "./local-time.ts";
import type { DemoPlan } from "./plan-types.ts";

/** The demo's facilitator and officer sign in with this; it is printed beside their links and guards nothing. */
export const demoPassword = "xiushuku-26";

/** A visitor's link may be opened on every phone in the room. */
const manyUses = 1_000_000;
/** A demo may stand in a hall for weeks, ms. */
const screenLasts = 180 * day;
const screenName = "社区服务站的大屏";

export interface TourLinks {
  resident: string;
  /** The second phone of the resident's household. */
  neighbour: string;
  steward: string;
  facilitator: string;
  officer: string;
  kiosk: string;
}

/** Links through whose eyes a visitor can look; they open any number of times. Each call replaces those before. */
export async function tourLinks(
  deps: { storage: Storage; clock: Clock },
  { community, courtyards, tour }: DemoPlan,
  url: string,
): Promise<TourLinks> {
  const hash = await createPasswords().hash(demoPassword);
  return deps.storage.write(async (tx) => {
    const { db } = tx;
    const now = deps.clock.now();
    const link = async (residentId: string, withPassword: boolean): Promise<string> => {
      const person = {
        communityId: community.id,
        residentId,
        by: null,
        kind: "sign-in" as const,
        withPassword,
      };
      const { token } = await writeLink(db, person, now);
      await db
        .updateTable("invitations")
        .set({ uses_left: manyUses })
        .where("resident_id", "=", residentId)
        .where("revoked_at", "is", null)
        .execute();
      if (withPassword) {
        await db.updateTable("residents").set({ password_hash: hash }).where("id", "=", residentId).execute();
      }
      return `${url}/in/${token}`;
    };
    const screen = {
      communityId: community.id,
      courtyardId: courtyards[0]?.id ?? "",
      name: screenName,
      by: tour.facilitatorId,
    };
    // A kept demo is shown again and again; screens that nobody hung up would fill the list.
    await db
      .updateTable("kiosks")
      .set({ unpaired_at: now })
      .where("community_id", "=", community.id)
      .where("name", "=", screenName)
      .where("last_seen_at", "is", null)
      .where("unpaired_at", "is", null)
      .execute();
    const { secret } = await addPairedScreen(tx, screen, now, screenLasts, true);
    return {
      resident: await link(tour.residentId, false),
      neighbour: await link(tour.secondResidentId, false),
      steward: await link(tour.stewardId, false),
      facilitator: await link(tour.facilitatorId, true),
      officer: await link(tour.officerId, true),
      // In the fragment, which browsers do not send: no proxy's log and no referrer holds it.
      kiosk: `${url}/kiosk#${secret}`,
    };
  });
}
