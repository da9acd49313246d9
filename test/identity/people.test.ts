import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashSecret } from "../../server/identity/secrets.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { createWorld, refusal, type World } from "./world.ts";

for (const dialect of dialects) {
  describe(`people on ${dialect.name}`, () => {
    let opened: OpenedStorage;
    let world: World;
    beforeAll(async () => {
      opened = await dialect.open();
      world = await createWorld(opened.storage);
    });
    afterAll(() => opened.close());

    const household = (index: number) => world.place.households[index] ?? "";
    const building = (index: number) => world.place.buildings[index] ?? "";
    const commands = () => world.handlers.commands;
    const steward = (index: number) =>
      world.someone({
        name: "楼栋长",
        role: "steward",
        courtyardId: world.place.courtyardId,
        buildingId: building(index),
      });
    const live = async (person: { token: string }) => (await world.sessions.byToken(person.token)) !== null;
    const devicesOf = async (person: { token: string }) =>
      (await world.handlers.queries["household.mine"]({}, await world.as(person))).members;

    it("[ID-15] a household sees its people and devices, and ends any of them at once", async () => {
      const grandpa = await world.someone({ household: household(0), name: "钓鱼哥" });
      const child = await world.someone({ household: household(0), name: "小雨" });
      const neighbour = await world.someone({ household: household(1), name: "隔壁的" });
      const members = await devicesOf(child);
      expect(members.map(({ displayName }) => displayName).sort()).toEqual(["小雨", "钓鱼哥"].sort());
      const grandpas = members.find(({ residentId }) => residentId === grandpa.residentId);
      const [device] = grandpas?.devices ?? [];
      expect(device).toMatchObject({ app: "wechat", system: "android", seenAt: world.clock.time });

      const sessionId = device?.sessionId ?? "";
      await commands()["session.end"]({ sessionId }, await world.as(neighbour));
      expect(await live(grandpa)).toBe(true);
      const from = world.told.length;
      await commands()["session.end"]({ sessionId }, await world.as(child));
      await commands()["session.end"]({ sessionId }, await world.as(child));
      expect(await live(grandpa)).toBe(false);
      expect(world.ended.filter((id) => id === sessionId)).toHaveLength(1);
      expect(world.closed).toContain(grandpa.residentId);
      expect(world.heard(from)).toEqual([
        {
          name: "devices.have-changed",
          rooms: [`household:${household(0)}`, `resident:${child.residentId}`],
        },
      ]);
      expect((await devicesOf(child)).find(({ devices }) => devices.length === 0)?.displayName).toBe(
        "钓鱼哥",
      );
    });

    it("[ID-15] one's other devices end together, this one stays", async () => {
      const me = await world.someone({ household: household(1) });
      const other = await world.storage.write((tx) =>
        world.sessions.start(tx, {
          communityId: world.place.communityId,
          residentId: me.residentId,
          device: "browser-windows",
        }),
      );
      const end = async () => commands()["session.end-others"]({}, await world.as(me));
      expect(await end()).toEqual({ ended: 1 });
      expect(await end()).toEqual({ ended: 0 });
      expect(await live(me)).toBe(true);
      expect(await world.sessions.byToken(other.token)).toBeNull();
    });

    it("[ID-15] someone without a household sees themselves", async () => {
      const officer = await world.officer();
      expect(await devicesOf(officer)).toMatchObject([{ residentId: officer.residentId }]);
    });

    it("[ID-17] a new name is told to the household and, without a name, to the staff", async () => {
      const me = await world.someone({ household: household(2), name: "新来的" });
      const from = world.told.length;
      const rename = async () =>
        commands()["resident.rename"]({ displayName: "爱打麻将的" }, await world.as(me));
      await rename();
      await rename();
      expect((await world.as(me)).person().displayName).toBe("爱打麻将的");
      expect(world.told.slice(from).map(({ name, rooms, data }) => ({ name, rooms, data }))).toEqual([
        {
          name: "resident.was-renamed",
          rooms: [`household:${household(2)}`, `resident:${me.residentId}`],
          data: { residentId: me.residentId, displayName: "爱打麻将的" },
        },
        {
          name: "residents.have-changed",
          rooms: [`staff:${world.place.courtyardId}`],
          data: { buildingId: building(0) },
        },
      ]);
    });

    it("[ID-18] a steward acts in their own building and in no other", async () => {
      const own = await world.someone({ household: household(0), name: "一栋的" });
      const far = await world.someone({ household: household(4), name: "二栋的" });
      const who = await world.as(await steward(0));
      const list = (buildingId: string) => world.handlers.queries["residents.list"]({ buildingId }, who);
      const seen = (await list(building(0))).residents;
      expect(seen.map(({ displayName }) => displayName)).toContain("一栋的");
      expect(seen.every(({ door }) => door.startsWith("1-"))).toBe(true);
      expect(await refusal(list(building(1)))).toBe("not-allowed");
      await commands()["resident.confirm"]({ residentId: own.residentId }, who);
      for (const verb of ["resident.confirm", "resident.remove"] as const) {
        expect(await refusal(commands()[verb]({ residentId: far.residentId }, who))).toBe("not-allowed");
      }
      const slips = (id: string) =>
        commands()["invitation.issue"]({ place: { kind: "building", id }, replace: false }, who);
      expect((await slips(building(0))).slips.length).toBeGreaterThan(0);
      expect(await refusal(slips(building(1)))).toBe("not-allowed");
      const courtyard = { kind: "courtyard" as const, id: world.place.courtyardId };
      expect(await refusal(commands()["invitation.issue"]({ place: courtyard, replace: false }, who))).toBe(
        "not-allowed",
      );
      expect(await refusal(commands()["invitation.revoke"]({ householdId: household(4) }, who))).toBe(
        "not-allowed",
      );
    });

    it("[ID-18] a resident sees no list of residents", async () => {
      const me = await world.as(await world.someone({ household: household(0) }));
      expect(await refusal(world.handlers.queries["residents.list"]({ buildingId: building(0) }, me))).toBe(
        "not-allowed",
      );
      expect(await refusal(world.handlers.queries["buildings.table"]({}, me))).toBe("not-allowed");
    });

    it("[ID-19] confirmed is a mark: it opens and closes nothing", async () => {
      const me = await world.someone({ household: household(1) });
      const before = await world.handlers.snapshot((await world.as(me)).session);
      const who = await world.as(await steward(0));
      const from = world.told.length;
      const confirm = () => commands()["resident.confirm"]({ residentId: me.residentId }, who);
      await confirm();
      await confirm();
      const after = await world.handlers.snapshot((await world.as(me)).session);
      expect([before.status, after.status]).toEqual(["joined", "confirmed"]);
      expect(after.abilities).toEqual(before.abilities);
      expect(world.heard(from).map(({ name }) => name)).toEqual([
        "resident.was-confirmed",
        "residents.have-changed",
      ]);
    });

    it("[ID-20] whoever is removed loses sessions, links, the slip and open sockets at once", async () => {
      const me = await world.someone({ household: household(3), name: "搬走的" });
      const { token: link } = await commands()["device.invite"]({}, await world.as(me));
      const who = await world.as(await steward(0));
      const place = { kind: "household" as const, id: household(3) };
      const { slips } = await commands()["invitation.issue"]({ place, replace: true }, who);
      const from = world.told.length;
      const remove = () => commands()["resident.remove"]({ residentId: me.residentId }, who);
      await remove();
      await remove();
      expect(await live(me)).toBe(false);
      expect(world.closed.filter((id) => id === me.residentId)).toHaveLength(1);
      const dead = await world.storage.db
        .selectFrom("invitations")
        .select("revoked_at")
        .where("code_hash", "in", [link, slips[0]?.code ?? ""].map(hashSecret))
        .execute();
      expect(dead.map(({ revoked_at }) => revoked_at)).toEqual([world.clock.time, world.clock.time]);
      expect(world.heard(from).map(({ name }) => name)).toEqual([
        "resident.was-removed",
        "residents.have-changed",
      ]);
      const { residents } = await world.handlers.queries["residents.list"]({ buildingId: building(0) }, who);
      expect(residents.map(({ residentId }) => residentId)).not.toContain(me.residentId);
      expect(await refusal(commands()["resident.confirm"]({ residentId: me.residentId }, who))).toBe(
        "not-found",
      );
    });

    it("[ID-21] nobody removes themselves, a steward removes no one with a role, an officer does", async () => {
      const neighbour = await steward(0);
      const helper = await world.someone({
        household: household(0),
        role: "social-worker",
        courtyardId: world.place.courtyardId,
      });
      const remove = (who: Parameters<World["as"]>[0], residentId: string) =>
        world.as(who).then((context) => commands()["resident.remove"]({ residentId }, context));
      expect(await refusal(remove(neighbour, helper.residentId))).toBe("not-allowed");
      expect(await refusal(remove(neighbour, neighbour.residentId))).toBe("not-allowed");
      const { residents } = await world.handlers.queries["residents.list"](
        { buildingId: building(0) },
        await world.as(neighbour),
      );
      expect(residents.find(({ residentId }) => residentId === helper.residentId)?.removable).toBe(false);
      const officer = await world.someone({ household: household(0), role: "officer", strong: true });
      expect(await refusal(remove(officer, officer.residentId))).toBe("not-allowed");
      await remove(officer, helper.residentId);
      expect(await live(helper)).toBe(false);
    });

    it("[ID-22] a household without a phone is marked by its own steward", async () => {
      const mark = async (index: number, householdId: string, phoneless = true) =>
        commands()["household.set-phoneless"](
          { householdId, phoneless },
          await world.as(await steward(index)),
        );
      await mark(0, household(3));
      expect(await refusal(mark(1, household(3)))).toBe("not-allowed");
      const list = async () =>
        (
          await world.handlers.queries["residents.list"](
            { buildingId: building(0) },
            await world.as(await steward(0)),
          )
        ).phoneless;
      expect(await list()).toEqual([household(3)]);
      await mark(0, household(3), false);
      expect(await list()).toEqual([]);
    });

    it("[ID-28] the table of buildings counts households and names nobody", async () => {
      const fresh = await world.build("玉林社区");
      const officer = await world.someone({ role: "officer", strong: true, communityId: fresh.communityId });
      const [home = "", next = "", , , byLink = ""] = fresh.households;
      const [first = ""] = fresh.buildings;
      for (const each of [home, home, next, byLink]) {
        await world.someone({ household: each, communityId: fresh.communityId });
      }
      const context = await world.as(officer);
      const place = { kind: "building" as const, id: first };
      await commands()["invitation.issue"]({ place, replace: false }, context);
      await world.storage.write(async ({ db }) => {
        const board = await db
          .selectFrom("boards")
          .select("id")
          .where("courtyard_id", "=", fresh.courtyardId)
          .executeTakeFirstOrThrow();
        const item = { title: "人字梯", category: "tools", note: "", quantity: 1, position: "a0" };
        const row = { ...item, board_id: board.id, household_id: home, added_at: 1, changed_at: 1 };
        await db
          .insertInto("board_items")
          .values([
            { ...row, item_id: "one" },
            { ...row, item_id: "two" },
          ])
          .execute();
      });
      expect(await world.handlers.queries["buildings.table"]({}, context)).toEqual({
        buildings: [
          { buildingId: first, name: "1", households: 4, slips: 4, joined: 2, reached: 4, listed: 1 },
          {
            buildingId: fresh.buildings[1],
            name: "2",
            households: 4,
            slips: 0,
            joined: 1,
            reached: 1,
            listed: 0,
          },
        ],
      });
    });

    it("[ID-27] for an officer of another community nobody here exists", async () => {
      const far = await world.build("桐梓林社区");
      const stranger = await world.as(
        await world.someone({ role: "officer", strong: true, communityId: far.communityId }),
      );
      const me = await world.someone({ household: household(0) });
      const mine = { residentId: me.residentId };
      const nowhere = { courtyardId: null, buildingId: null };
      const calls = [
        commands()["resident.confirm"](mine, stranger),
        commands()["resident.remove"](mine, stranger),
        commands()["role.grant"]({ ...mine, role: "officer", ...nowhere }, stranger),
        commands()["staff.relink"]({ ...mine, forgetPassword: true }, stranger),
        commands()["household.set-phoneless"]({ householdId: household(0), phoneless: true }, stranger),
        commands()["invitation.revoke"]({ householdId: household(0) }, stranger),
        commands()["invitation.issue"](
          { place: { kind: "building", id: building(0) }, replace: true },
          stranger,
        ),
        world.handlers.queries["residents.list"]({ buildingId: building(0) }, stranger),
      ];
      expect(await Promise.all(calls.map(refusal))).toEqual(calls.map(() => "not-found"));
      const { staff } = await world.handlers.queries["staff.list"]({}, stranger);
      expect(staff.map(({ residentId }) => residentId)).toEqual([stranger.person().residentId]);
    });
  });
}
