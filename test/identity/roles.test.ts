import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCourtyard } from "../../server/community/places.ts";
import { abilitiesOf } from "../../server/identity/abilities.ts";
import type { Context } from "../../server/sockets/area.ts";
import { type Ability, type PersonActor, type Role, roles } from "../../shared/identity/model.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { createWorld, refusal, type World } from "./world.ts";

const person = (role: Role | null, reach: { courtyardId: string | null; buildingId: string | null }) =>
  ({
    kind: "person",
    sessionId: "s",
    residentId: "r",
    displayName: "某某",
    communityId: "c",
    courtyardId: "here",
    household: null,
    grants: role ? [{ role, ...reach }] : [],
  }) satisfies PersonActor;

describe("abilities", () => {
  const here = { courtyardId: "here", buildingId: null };
  const everywhere = { courtyardId: null, buildingId: null };
  const elsewhere = { courtyardId: "elsewhere", buildingId: null };
  const care: Ability[] = [
    "board.edit-notice",
    "board.edit-any-cell",
    "board.restore",
    "chat.post",
    "chat.judge",
    "chat.mute",
    "household.manage",
    "invitation.issue",
    "resident.confirm",
  ];
  const expected: Record<Role, Ability[]> = {
    resident: ["chat.post"],
    steward: care,
    facilitator: ["chat.post", "proposal.write", "kiosk.manage"],
    officer: [...care, "proposal.write", "kiosk.manage", "staff.manage", "import.run"],
    organisation: ["chat.post"],
    "social-worker": ["chat.post"],
  };

  it.each(roles)("[ID-26] a %s here has theirs, elsewhere none", (role) => {
    expect(new Set(abilitiesOf(person(role, here)))).toEqual(new Set(expected[role]));
    expect(abilitiesOf(person(role, elsewhere))).toEqual([]);
  });

  it("[ID-26] only an officer of the whole community makes courtyards", () => {
    expect(abilitiesOf(person("officer", here))).not.toContain("courtyard.create");
    expect(abilitiesOf(person("officer", everywhere))).toContain("courtyard.create");
  });

  it("[ID-26] a neighbour posts and votes at home, a stranger nothing", () => {
    const household = {
      householdId: "h",
      buildingId: "b",
      unitId: "u",
      courtyardId: "here",
      door: "1-1-101",
    };
    expect(abilitiesOf({ ...person(null, here), household })).toEqual(["chat.post", "proposal.vote"]);
    expect(abilitiesOf({ ...person(null, here), household: { ...household, courtyardId: "away" } })).toEqual(
      [],
    );
    expect(abilitiesOf(person(null, here))).toEqual([]);
  });
});

for (const dialect of dialects) {
  describe(`roles on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let world: World;
    beforeAll(async () => {
      opened = await dialect.open();
      world = await createWorld(opened.storage);
    });
    afterAll(() => opened.close());

    const everywhere = { courtyardId: null, buildingId: null };
    const here = () => ({ courtyardId: world.place.courtyardId, buildingId: null });
    const commands = () => world.handlers.commands;
    const staff = async (who: { token: string }) =>
      (await world.handlers.queries["staff.list"]({}, await world.as(who))).staff;

    it("[ID-23] a role is given once, is seen, and ends", async () => {
      const officer = await world.officer();
      const me = await world.someone({ household: world.place.households[0], name: "热心的" });
      const give = async () =>
        commands()["role.grant"](
          {
            residentId: me.residentId,
            role: "steward",
            ...here(),
            buildingId: world.place.buildings[0] ?? "",
          },
          await world.as(officer),
        );
      const grants = await Promise.all([give(), give(), give()]);
      expect(new Set(grants.map(({ grantId }) => grantId)).size).toBe(1);
      const [grant] = grants;
      const grantId = grant?.grantId ?? "";
      const listed = (await staff(officer)).find(({ residentId }) => residentId === me.residentId);
      expect(listed).toMatchObject({ displayName: "热心的", door: "1-1-101", hasPassword: false });
      expect(listed?.grants).toEqual([
        { grantId, role: "steward", ...here(), buildingId: world.place.buildings[0] },
      ]);
      expect((await world.as(me)).session.roles).toEqual(["steward"]);
      await commands()["role.end"]({ grantId }, await world.as(officer));
      await commands()["role.end"]({ grantId }, await world.as(officer));
      expect((await world.as(me)).session.roles).toEqual([]);
    });

    it("[ID-25] the person's sockets come back with what they may do now", async () => {
      const officer = await world.as(await world.officer());
      const me = await world.someone({ household: world.place.households[1] });
      const { sessionId } = (await world.as(me)).actor;
      const given = { residentId: me.residentId, role: "facilitator" as const, ...here() };
      const { grantId } = await commands()["role.grant"](given, officer);
      expect(world.ended.filter((id) => id === sessionId)).toHaveLength(1);
      await commands()["role.end"]({ grantId }, officer);
      expect(world.ended.filter((id) => id === sessionId)).toHaveLength(2);
      expect(world.closed.filter((id) => id === me.residentId)).toHaveLength(2);
      expect(await world.sessions.byToken(me.token)).not.toBeNull();
    });

    it("[ID-23] an officer of one courtyard gives no role beyond it and cannot take over who has one", async () => {
      const boss = await world.officer();
      const local = await world.someone({ role: "officer", ...here(), strong: true });
      const me = await world.someone({ household: world.place.households[2] });
      const context = await world.as(local);
      const { residentId } = me;
      const give = (
        role: "officer" | "steward",
        reach: { courtyardId: string | null; buildingId: string | null },
      ) => commands()["role.grant"]({ residentId, role, ...reach }, context);
      expect(await refusal(give("officer", everywhere))).toBe("not-allowed");
      expect(await refusal(give("steward", { courtyardId: "nowhere12", buildingId: null }))).toBe(
        "not-allowed",
      );
      const anyBuilding = world.place.buildings[0] ?? "";
      const wrong = { residentId, role: "facilitator" as const, ...here(), buildingId: anyBuilding };
      expect(await refusal(commands()["role.grant"](wrong, context))).toBe("invalid-input");
      await give("steward", here());
      for (const forgetPassword of [true, false]) {
        const relink = commands()["staff.relink"]({ residentId: boss.residentId, forgetPassword }, context);
        expect(await refusal(relink)).toBe("not-allowed");
      }
      const atHome = await world.someone({ household: world.place.households[0], role: "officer" });
      for (const { residentId: above } of [boss, atHome]) {
        const remove = commands()["resident.remove"]({ residentId: above }, context);
        expect(await refusal(remove)).toBe("not-allowed");
      }
      const steward = await world.as(await world.someone({ role: "steward", ...here() }));
      const asSteward = commands()["role.grant"]({ residentId, role: "steward", ...here() }, steward);
      expect(await refusal(asSteward)).toBe("not-allowed");
    });

    it("[ID-30] an officer gets no link of a person whose home or roles are beyond their own role", async () => {
      const away = await world.storage.write((tx) =>
        createCourtyard(
          tx,
          {
            communityId: world.place.communityId,
            name: "芳草街 8 号",
            boardsAt: "courtyard",
            openBoards: true,
          },
          world.clock.now(),
        ),
      );
      const reach = { courtyardId: away, buildingId: null };
      const elsewhere = await world.as(await world.someone({ role: "officer", ...reach, strong: true }));
      const [household] = world.place.households;
      const invite = (who: { residentId: string }, context: Context) => {
        const again = { displayName: "楼长王", role: "steward" as const, householdId: null };
        return refusal(
          commands()["staff.invite"]({ ...again, ...reach, residentId: who.residentId }, context),
        );
      };
      const steward = await world.someone({ household, name: "楼长王", role: "steward", ...here() });
      expect(await invite(steward, elsewhere)).toBe("invalid-input");
      // Somebody else's neighbour may be given a role here, which makes nobody master of their home.
      const { residentId } = await world.someone({ household, name: "楼长王" });
      await commands()["role.grant"]({ residentId, role: "steward", ...reach }, elsewhere);
      const relink = (context: Context) =>
        refusal(commands()["staff.relink"]({ residentId, forgetPassword: false }, context));
      expect(await relink(elsewhere)).toBe("not-allowed");
      expect(await invite({ residentId }, elsewhere)).toBe("not-allowed");
      const boss = await world.as(await world.officer());
      expect([await relink(boss), await invite({ residentId }, boss)]).toEqual([
        "nothing was refused",
        "nothing was refused",
      ]);
    });

    it("[ID-31] who has neither a home nor a role that holds looks at no courtyard", async () => {
      const gone = await world.someone();
      const waiting = await world.someone({ role: "facilitator", ...here() });
      for (const who of [gone, waiting]) {
        expect((await world.as(who)).actor.courtyardId).toBe("");
        const asked = await world.sessions.byToken(who.token, world.place.courtyardId);
        expect(asked?.actor.courtyardId).toBe("");
      }
      const { actor } = await world.as(await world.someone({ role: "facilitator", ...here(), strong: true }));
      expect(actor.courtyardId).toBe(world.place.courtyardId);
    });

    it("[ID-24] two officers who end each other at the same moment leave one", async () => {
      const fresh = await world.build("肖家河社区");
      const { communityId } = fresh;
      const two = await Promise.all(
        [1, 2].map(() => world.someone({ role: "officer", strong: true, communityId })),
      );
      const [one, other] = two;
      if (!one || !other) throw new Error("two officers");
      const listed = await staff(one);
      const grantOf = (residentId: string) =>
        listed.find((member) => member.residentId === residentId)?.grants[0]?.grantId ?? "";
      const contexts = [await world.as(one), await world.as(other)] as const;
      const ends = await Promise.all([
        refusal(commands()["role.end"]({ grantId: grantOf(other.residentId) }, contexts[0])),
        refusal(commands()["role.end"]({ grantId: grantOf(one.residentId) }, contexts[1])),
      ]);
      expect(ends.sort()).toEqual(["last-officer", "nothing was refused"]);
      const left = await world.storage.db
        .selectFrom("role_grants")
        .select("resident_id")
        .where("resident_id", "in", [one.residentId, other.residentId])
        .where("ended_at", "is", null)
        .execute();
      expect(left).toHaveLength(1);
      const last = two.find(({ residentId }) => residentId === left[0]?.resident_id) ?? one;
      const own = commands()["role.end"]({ grantId: grantOf(last.residentId) }, await world.as(last));
      expect(await refusal(own)).toBe("last-officer");
    });
  });
}
