import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstOfficerLink } from "../../server/identity/first-officer.ts";
import { argonCost, createPasswords, passwordLimits } from "../../server/identity/passwords.ts";
import { newId } from "../../server/identity/secrets.ts";
import { deviceLinkLifetime } from "../../shared/identity/rules.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { type FrontDoor, openFrontDoor } from "./front-door.ts";
import { createWorld, day, refusal, type World } from "./world.ts";

const good = "坝坝头的黄桷树下头喝茶";
const other = "三花盖碗红泥小火炉一壶";
const wide = { points: 10_000, duration: 600 };

describe("password hashes", () => {
  const passwords = createPasswords();

  it("[ID-9] are argon2id with OWASP's parameters and a salt each", async () => {
    const [one, two] = await Promise.all([passwords.hash(good), passwords.hash(good)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify(good, one)).toBe(true);
    expect(await passwords.verify(`${good} `, one)).toBe(false);
    expect(argonCost.memory * 1024).toBe(19 * 1024 * 1024);
  });

  it("[ID-9] find a password again however a keyboard composes it", async () => {
    const stored = await passwords.hash("Café１２ 和盖碗茶");
    expect(await passwords.verify("Cafe\u030112 和盖碗茶", stored)).toBe(true);
  });

  it("[ID-11] nobody's password is wrong after the same work", async () => {
    expect(await passwords.verify(good, null)).toBe(false);
  });

  it("[ID-13] hash a few at once and refuse when too many wait", async () => {
    const busy = createPasswords();
    const all = Array.from({ length: passwordLimits.waiting + passwordLimits.atOnce + 3 }, () =>
      refusal(busy.verify(good, null)),
    );
    const answers = await Promise.all(all);
    expect(answers.filter((answer) => answer === "rate-limited")).toHaveLength(3);
    expect(await busy.verify(good, null)).toBe(false);
  });
});

for (const dialect of dialects) {
  describe(`signing in on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let world: World;
    let door: FrontDoor;
    beforeAll(async () => {
      opened = await dialect.open();
      world = await createWorld(opened.storage);
      door = await openFrontDoor(world, { limits: { failuresOfAddress: wide, callsOfCode: wide } });
    });
    afterAll(async () => {
      await door.close();
      await opened.close();
    });

    const code = ({ body }: { body: { error?: { code: string } } }) => body.error?.code;
    const invite = async (
      role: "facilitator" | "steward" | "officer" | "organisation" | "social-worker",
      residentId = newId(),
    ) => {
      const officer = await world.as(await world.officer());
      const { token } = await world.handlers.commands["staff.invite"](
        {
          residentId,
          displayName: "主持的",
          role,
          courtyardId: world.place.courtyardId,
          buildingId: null,
          householdId: null,
        },
        officer,
      );
      return { residentId, link: token };
    };
    const signIn = (link: string, password?: string) =>
      door.post("/sign-in", { code: link, ...(password !== undefined && { password }) });
    const abilities = async (token: string) =>
      (await world.handlers.snapshot((await world.as({ token })).session)).abilities;

    it("[ID-7] a steward's link alone signs in, and a new link stops it", async () => {
      const { residentId, link } = await invite("steward");
      expect((await door.post("/invitations/look-up", { code: link })).body).toEqual({
        kind: "sign-in",
        displayName: "主持的",
        needsPassword: false,
        hasPassword: false,
      });
      const came = await signIn(link);
      expect(came.body.residentId).toBe(residentId);
      expect(await abilities(came.token)).toContain("resident.confirm");
      const officer = await world.as(await world.officer());
      const fresh = await world.handlers.commands["staff.relink"](
        { residentId, forgetPassword: false },
        officer,
      );
      expect(code(await signIn(link))).toBe("code-revoked");
      expect((await signIn(fresh.token)).status).toBe(200);
    });

    it("[ID-7] inviting again with the same id is the same person with a new link", async () => {
      const first = await invite("organisation");
      const second = await invite("organisation", first.residentId);
      expect(code(await signIn(first.link))).toBe("code-revoked");
      expect((await signIn(second.link)).body.residentId).toBe(first.residentId);
      expect(await refusal(invite("steward", first.residentId))).toBe("invalid-input");
    });

    it("[ID-8] a facilitator chooses a password first, then needs it each time", async () => {
      const { link } = await invite("facilitator");
      const shown = await door.post("/invitations/look-up", { code: link });
      expect(shown.body).toMatchObject({ needsPassword: true, hasPassword: false });
      expect(code(await signIn(link))).toBe("invalid-input");
      const weak = await signIn(link, "1234567890");
      expect(code(weak)).toBe("password-weak");
      expect(weak.body.error?.params?.flaw).toBe("too-simple");
      const first = await signIn(link, good);
      expect(first.status).toBe(200);
      expect(await abilities(first.token)).toContain("proposal.write");
      expect((await door.post("/invitations/look-up", { code: link })).body.hasPassword).toBe(true);
      expect(code(await signIn(link, other))).toBe("password-wrong");
      for (let each = 0; each < 8; each++) expect((await signIn(link, good)).status).toBe(200);
      world.clock.time += 100 * day;
      expect((await signIn(link, good)).status).toBe(200);
    });

    it("[ID-8, ID-26] a role without its password gives nothing until the password is given", async () => {
      const resident = await world.someone({
        household: world.place.households[0],
        role: "officer",
      });
      expect(await abilities(resident.token)).toEqual(["chat.post", "proposal.vote"]);
      const before = await world.as(resident);
      expect(before.session.needsPassword).toBe(true);
      expect(await refusal(world.handlers.queries["staff.list"]({}, before))).toBe("not-allowed");
      const from = world.told.length;
      const raised = await door.post("/password", { password: good }, resident.token);
      expect(raised.status).toBe(200);
      expect(world.heard(from)).toEqual([
        { name: "roles.have-changed", rooms: [`resident:${resident.residentId}`] },
      ]);
      expect(world.ended).toContain(before.actor.sessionId);
      expect(world.closed).toContain(resident.residentId);
      expect(await abilities(resident.token)).toContain("staff.manage");
      expect((await world.handlers.snapshot((await world.as(resident)).session)).hasPassword).toBe(true);
    });

    it("[ID-8] a resident without a role has no password to give", async () => {
      const resident = await world.someone({ household: world.place.households[0] });
      expect(code(await door.post("/password", { password: good }, resident.token))).toBe("not-allowed");
      expect(code(await door.post("/password", { password: good }))).toBe("not-signed-in");
    });

    it("[ID-10] five wrong ones lock for a quarter of an hour, five more for longer, a right one clears", async () => {
      const { residentId, link } = await invite("facilitator");
      await signIn(link, good);
      const answers = [];
      for (let each = 0; each < 6; each++) answers.push(await signIn(link, other));
      expect(answers.map(code)).toEqual([...Array(4).fill("password-wrong"), "locked-out", "locked-out"]);
      expect(answers[5]?.body.error?.params).toEqual({ seconds: 900, minutes: 15 });
      expect(code(await signIn(link, good))).toBe("locked-out");
      world.clock.time += 15 * 60_000;
      const more = [];
      for (let each = 0; each < 5; each++) more.push(await signIn(link, other));
      expect(more[4]?.body.error?.params?.minutes).toBe(30);
      world.clock.time += 30 * 60_000;
      expect((await signIn(link, good)).status).toBe(200);
      const row = await world.storage.db
        .selectFrom("residents")
        .select(["failed_sign_ins", "locked_until"])
        .where("id", "=", residentId)
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ failed_sign_ins: 0, locked_until: 0 });
    });

    it("[ID-10] fifty guesses at once are counted one by one", async () => {
      const { link } = await invite("facilitator");
      await signIn(link, good);
      const guesses = await Promise.all(
        Array.from({ length: 50 }, (_, index) => signIn(link, `${other}${index}`)),
      );
      const answers = guesses.map(code);
      expect(answers.filter((answer) => answer === "password-wrong")).toHaveLength(4);
      expect(answers.filter((answer) => answer === "locked-out")).toHaveLength(46);
    });

    it("[ID-10] wrong ones count for a session that asks for more, too", async () => {
      const { link } = await invite("officer");
      const { token } = await signIn(link, good);
      const answers = [];
      for (let each = 0; each < 5; each++) {
        answers.push(code(await door.post("/password", { password: other, newPassword: good }, token)));
      }
      expect(answers[4]).toBe("locked-out");
      expect(code(await signIn(link, good))).toBe("locked-out");
    });

    it("[ID-11] an unknown link with a password is answered as a wrong password", async () => {
      const { link } = await invite("facilitator");
      await signIn(link, good);
      const wrong = await signIn(link, other);
      const unknown = await signIn("x".repeat(43), other);
      expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
      expect(code(await signIn("x".repeat(43)))).toBe("code-unknown");
    });

    it("[ID-14] a changed password signs out the other devices, a forgotten one is chosen anew", async () => {
      const { residentId, link } = await invite("facilitator");
      const phone = await signIn(link, good);
      const laptop = await signIn(link, good);
      const change = (password: string, newPassword: string) =>
        door.post("/password", { password, newPassword }, laptop.token);
      expect(code(await change(other, other))).toBe("password-wrong");
      expect(code(await change(good, "short"))).toBe("password-weak");
      expect((await change(good, other)).status).toBe(200);
      expect(await world.sessions.byToken(phone.token)).toBeNull();
      expect(await world.sessions.byToken(laptop.token)).not.toBeNull();
      expect(code(await signIn(link, good))).toBe("password-wrong");

      const officer = await world.as(await world.officer());
      const fresh = await world.handlers.commands["staff.relink"](
        { residentId, forgetPassword: true },
        officer,
      );
      expect(await world.sessions.byToken(laptop.token)).toBeNull();
      expect(code(await signIn(link, other))).toBe("code-revoked");
      expect((await signIn(fresh.token, good)).status).toBe(200);
    });

    it("[ID-15] signing out ends the session, clears the cookie and closes the sockets", async () => {
      const { link } = await invite("steward");
      const { token } = await signIn(link);
      const session = await world.sessions.byToken(token);
      const out = await door.post("/sign-out", {}, token);
      expect(out.status).toBe(204);
      expect(out.cookie).toMatch(/yuanba_session=;.*Max-Age=0/);
      expect(await world.sessions.byToken(token)).toBeNull();
      expect(world.ended).toContain(session?.actor.sessionId);
      expect((await door.post("/sign-out", {}, token)).status).toBe(204);
    });

    it("[ID-16] a link for one more device works once and for ten minutes", async () => {
      const me = await world.someone({ household: world.place.households[1] });
      const link = async () => (await world.handlers.commands["device.invite"]({}, await world.as(me))).token;
      const first = await link();
      const second = await link();
      expect(code(await signIn(first))).toBe("code-revoked");
      expect((await signIn(second)).body.residentId).toBe(me.residentId);
      expect(code(await signIn(second))).toBe("code-used-up");
      const late = await link();
      world.clock.time += deviceLinkLifetime;
      expect(code(await signIn(late))).toBe("code-expired");
    });

    it("[ID-20] a link of somebody who was removed opens nothing", async () => {
      const { residentId, link } = await invite("social-worker");
      const officer = await world.as(await world.officer());
      await world.handlers.commands["resident.remove"]({ residentId }, officer);
      expect(code(await signIn(link))).toBe("code-revoked");
      expect(code(await door.post("/invitations/look-up", { code: link }))).toBe("code-revoked");
    });
  });

  describe(`the first officer on ${dialect.name}`, () => {
    it("[ID-12] is made once, and the same link signs them in afterwards", async () => {
      const opened = await dialect.open();
      const world = await createWorld(opened.storage);
      const door = await openFrontDoor(world);
      const linkNow = async () =>
        (await firstOfficerLink(world, "http://localhost:3000"))?.match(
          /^http:\/\/localhost:3000\/first\/([\w-]{43})$/,
        )?.[1] ?? "";
      const stale = await linkNow();
      const link = await linkNow();
      const become = (code: string, password = good) =>
        door.post("/first-officer", {
          code,
          communityName: "跳伞塔社区",
          displayName: "社区小李",
          password,
        });
      expect((await become(stale)).body.error?.code).toBe("code-revoked");
      expect((await door.post("/invitations/look-up", { code: link })).body).toEqual({
        kind: "first-officer",
      });
      expect((await become(link, "跳伞塔社区123456")).body.error?.code).toBe("password-weak");
      const answers = await Promise.all([become(link), become(link), become(link)]);
      const [made] = answers.filter(({ status }) => status === 200);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.error?.code === "already-set-up")).toHaveLength(2);
      const me = await world.handlers.snapshot((await world.as({ token: made?.token ?? "" })).session);
      expect(me).toMatchObject({ displayName: "社区小李", roles: ["officer"], needsPassword: false });
      expect(me.abilities).toContain("courtyard.create");
      expect(await firstOfficerLink(world, "http://localhost:3000")).toBeNull();
      expect((await become(link)).body.error?.code).toBe("already-set-up");
      const again = await door.post("/sign-in", { code: link, password: good });
      expect(again.body.residentId).toBe(made?.body.residentId);
      await door.close();
      await opened.close();
    });
  });
}
