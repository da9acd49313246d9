import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normaliseCode } from "../../server/identity/secrets.ts";
import { slipLifetime } from "../../shared/identity/rules.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { type FrontDoor, openFrontDoor } from "./front-door.ts";
import { createWorld, refusal, type World } from "./world.ts";

const attempt = (name: string) => Buffer.from(name).toString("base64url").slice(0, 40).padEnd(24, "x");

for (const dialect of dialects) {
  describe(`slips on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let world: World;
    let door: FrontDoor;
    beforeAll(async () => {
      opened = await dialect.open();
      world = await createWorld(opened.storage);
      door = await openFrontDoor(world, {
        limits: {
          failuresOfAddress: { points: 1000, duration: 600 },
          callsOfCode: { points: 1000, duration: 600 },
        },
      });
    });
    afterAll(async () => {
      await door.close();
      await opened.close();
    });

    const household = (index: number) => world.place.households[index] ?? "";
    const issue = async (
      place: { kind: "household" | "unit" | "building" | "courtyard"; id: string },
      replace = false,
    ) =>
      world.handlers.commands["invitation.issue"]({ place, replace }, await world.as(await world.officer()));
    const slipFor = async (index: number, replace = true): Promise<string> =>
      (await issue({ kind: "household", id: household(index) }, replace)).slips[0]?.code ?? "";
    const join = (code: string, name: string, token?: string) =>
      door.post("/join", { code, displayName: name, attempt: attempt(name) }, token);
    const code = ({ body }: { body: { error?: { code: string } } }) => body.error?.code;

    it("[ID-5] shows the door, takes a name, gives a session and lets act at once", async () => {
      const slip = await slipFor(0);
      const shown = await door.post("/invitations/look-up", {
        code: `${slip.slice(0, 5)}-${slip.slice(5).toLowerCase()}`,
      });
      expect(shown.body).toEqual({ kind: "household", courtyard: "晋院 26 号", door: "1-1-101" });
      const from = world.told.length;
      const came = await join(slip, "小雨妈妈");
      expect(came.status).toBe(200);
      expect(came.cookie).toMatch(/^yuanba_session=[A-Za-z0-9_-]{43};/);
      for (const part of ["HttpOnly", "SameSite=Lax", "Path=/"]) expect(came.cookie).toContain(part);
      expect(came.cookie).not.toContain("Secure");
      const session = await world.sessions.byToken(came.token);
      expect(session?.status).toBe("joined");
      const me = await world.handlers.snapshot((await world.as(came)).session);
      expect(me.household?.door).toBe("1-1-101");
      expect(me.abilities).toEqual(["chat.post", "proposal.vote"]);
      expect(world.heard(from)).toEqual([
        { name: "resident.has-joined", rooms: [`household:${household(0)}`] },
        { name: "residents.have-changed", rooms: [`staff:${world.place.courtyardId}`] },
      ]);
    });

    it("[ID-5] behind TLS the cookie is Secure", async () => {
      const secure = await openFrontDoor(world, { secure: true });
      const came = await secure.post("/join", {
        code: await slipFor(0),
        displayName: "修收音机的",
        attempt: attempt("tls"),
      });
      await secure.close();
      expect(came.cookie).toContain("Secure");
    });

    it("[ID-1] the code is nowhere in the database", async () => {
      const slip = await slipFor(1);
      const rows = await world.storage.db.selectFrom("invitations").selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(slip);
      expect(normaliseCode(slip)).toBe(slip);
    });

    it("[ID-2] eight people come in, the ninth hears that the slip is used up", async () => {
      const slip = await slipFor(2);
      const all = await Promise.all(Array.from({ length: 12 }, (_, index) => join(slip, `邻居${index}号`)));
      expect(all.filter(({ status }) => status === 200)).toHaveLength(8);
      expect(all.filter((one) => code(one) === "code-used-up")).toHaveLength(4);
      expect(code(await door.post("/invitations/look-up", { code: slip }))).toBe("code-used-up");
    });

    it("[ID-2] after sixty days the slip says that it is expired", async () => {
      const slip = await slipFor(3);
      const issuedAt = world.clock.time;
      world.clock.time = issuedAt + slipLifetime - 1;
      expect((await door.post("/invitations/look-up", { code: slip })).status).toBe(200);
      world.clock.time = issuedAt + slipLifetime;
      expect(code(await door.post("/invitations/look-up", { code: slip }))).toBe("code-expired");
      expect(code(await join(slip, "来晚了的"))).toBe("code-expired");
    });

    it("[ID-3] a new slip stops the old one, a revoked one opens nothing", async () => {
      const old = await slipFor(4);
      const fresh = await slipFor(4);
      expect(code(await join(old, "拿旧条子的"))).toBe("code-revoked");
      expect((await join(fresh, "拿新条子的")).status).toBe(200);
      const officer = await world.as(await world.officer());
      await world.handlers.commands["invitation.revoke"]({ householdId: household(4) }, officer);
      await world.handlers.commands["invitation.revoke"]({ householdId: household(4) }, officer);
      expect(code(await join(fresh, "又来一个"))).toBe("code-revoked");
    });

    it("[ID-3] two who issue for one door at once leave one slip that works", async () => {
      const officer = await world.as(await world.officer());
      const place = { kind: "household" as const, id: household(5) };
      const all = await Promise.all(
        Array.from({ length: 8 }, () =>
          world.handlers.commands["invitation.issue"]({ place, replace: true }, officer),
        ),
      );
      const codes = all.map(({ slips }) => slips[0]?.code ?? "");
      const answers = await Promise.all(
        codes.map((slip) => door.post("/invitations/look-up", { code: slip })),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter((one) => code(one) === "code-revoked")).toHaveLength(7);
    });

    it("[ID-4] issues for a building, then only for the doors that still need one", async () => {
      const [, building = ""] = world.place.buildings;
      const single = await slipFor(6);
      const rest = await issue({ kind: "building", id: building });
      expect(rest.skipped).toBeGreaterThanOrEqual(1);
      expect(rest.slips.map(({ door: label }) => label)).not.toContain("2-1-201");
      expect((await door.post("/invitations/look-up", { code: single })).status).toBe(200);
      const again = await issue({ kind: "building", id: building });
      expect(again.slips).toEqual([]);
      expect(again.skipped).toBe(4);
      const anew = await issue({ kind: "building", id: building }, true);
      expect(anew.slips.map(({ door: label }) => label)).toEqual([
        "2-1-101",
        "2-1-102",
        "2-1-201",
        "2-1-202",
      ]);
      expect(new Set(anew.slips.map((one) => one.code)).size).toBe(4);
      const unit = await world.storage.db
        .selectFrom("units")
        .select("id")
        .where("building_id", "=", building)
        .executeTakeFirstOrThrow();
      expect((await issue({ kind: "unit", id: unit.id }, true)).slips).toHaveLength(4);
      expect((await issue({ kind: "courtyard", id: world.place.courtyardId }, true)).slips).toHaveLength(8);
      expect(await refusal(issue({ kind: "building", id: "nobuilding" }))).toBe("not-found");
    });

    it("[ID-6] the same attempt, repeated and at once, is one person and one use", async () => {
      const slip = await slipFor(7);
      const twice = await Promise.all([join(slip, "手抖的"), join(slip, "手抖的"), join(slip, "手抖的")]);
      const later = await join(slip, "手抖的");
      const people = [...twice, later].map(({ status, body }) => [status, body.residentId]);
      expect(new Set(people.map(String)).size).toBe(1);
      expect(people[0]?.[0]).toBe(200);
      const residents = await world.storage.db
        .selectFrom("residents")
        .select("id")
        .where("household_id", "=", household(7))
        .execute();
      expect(residents).toHaveLength(1);
      const invitation = await world.storage.db
        .selectFrom("invitations")
        .select("used_count")
        .where("household_id", "=", household(7))
        .where("revoked_at", "is", null)
        .executeTakeFirstOrThrow();
      expect(invitation.used_count).toBe(1);
    });

    it("[ID-6] who belongs to the household already keeps their session", async () => {
      const slip = await slipFor(7);
      const came = await join(slip, "先来的");
      const again = await join(slip, "换个名字", came.token);
      expect(again.body.residentId).toBe(came.body.residentId);
      expect(again.cookie).toBe("");
    });

    it("[ID-13] a code nobody printed is unknown, and a name of nothing is no name", async () => {
      expect(code(await door.post("/invitations/look-up", { code: "00000-00000" }))).toBe("code-unknown");
      expect(code(await join("00000-00000", "乱猜的"))).toBe("code-unknown");
      expect(code(await join(await slipFor(0), "   "))).toBe("invalid-input");
    });

    it("[ID-13] guessing is limited for each address and each code, and says how long to wait", async () => {
      const limits = {
        failuresOfAddress: { points: 5, duration: 600 },
        callsOfCode: { points: 7, duration: 600 },
      };
      const narrow = await openFrontDoor(world, { limits });
      const slip = await slipFor(0);
      const good = await Promise.all(
        Array.from({ length: 4 }, () => narrow.post("/invitations/look-up", { code: slip })),
      );
      expect(good.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const guesses = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          narrow.post("/invitations/look-up", { code: `GUESS${index}`.padEnd(10, "0") }),
        ),
      );
      expect(guesses.filter((one) => code(one) === "code-unknown")).toHaveLength(5);
      const [limited] = guesses.filter((one) => code(one) === "rate-limited");
      expect(limited?.body.error?.params?.seconds).toBeGreaterThan(0);
      expect(code(await narrow.post("/invitations/look-up", { code: slip }))).toBe("rate-limited");
      await narrow.close();

      const fresh = await openFrontDoor(world, { limits });
      const calls = [];
      for (let each = 0; each < 9; each++)
        calls.push(await fresh.post("/invitations/look-up", { code: slip }));
      expect(calls.map(({ status }) => status)).toEqual([...Array(7).fill(200), 429, 429]);
      await fresh.close();
    });
  });
}
