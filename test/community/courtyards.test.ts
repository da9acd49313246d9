import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../server/identity/secrets.ts";
import { refusal } from "../identity/world.ts";
import { dialects, type OpenedStorage } from "../storage/dialects.ts";
import { createOffice, type Office } from "./office.ts";

describe.each(dialects)("courtyards on $name", ({ open }) => {
  let opened: OpenedStorage;
  let office: Office;
  beforeAll(async () => {
    opened = await open();
    office = await createOffice(opened.storage);
  }, 60_000);
  afterAll(async () => {
    await office.rooms.drain({ slices: 1, deadline: 1_000 });
    await opened.close();
  });

  const create = async (
    who: { token: string },
    courtyardId: string,
    name: string,
    boardsAt: "courtyard" | "building" = "courtyard",
  ) =>
    office.handlers.commands["courtyard.create"](
      { courtyardId, name, boardsAt, openBoards: true },
      await office.as(who),
    );
  const namesOf = async (who: { token: string }) => {
    const { session } = await office.as(who);
    return (await office.handlers.snapshot(session)).courtyards.map(({ name }) => name);
  };

  it("[LN-36] an officer of the community adds one, once, under a name of its own", async () => {
    const id = newId();
    await create(office.officerPerson, id, "锦绣里");
    await create(office.officerPerson, id, "锦绣里");
    expect(await office.counts(id)).toEqual({ buildings: 0, households: 0, boards: 1, channels: 1 });
    expect((await namesOf(office.officerPerson)).filter((name) => name === "锦绣里")).toHaveLength(1);
    expect(await refusal(create(office.officerPerson, newId(), "锦绣里"))).toBe("courtyard-exists");
  });

  it("[LN-36] of two that take one name at once, one is made", async () => {
    const outcomes = await Promise.all(
      [newId(), newId(), newId()].map((id) => refusal(create(office.officerPerson, id, "同时院"))),
    );
    expect(outcomes.sort()).toEqual(["courtyard-exists", "courtyard-exists", "nothing was refused"]);
  });

  it("[LN-36] [LN-37] officers of one courtyard and stewards add none, and rename only their own", async () => {
    const id = await office.courtyard([]);
    const other = await office.courtyard([]);
    const local = await office.someone({ role: "officer", strong: true, courtyardId: id });
    const steward = await office.someone({ role: "steward", courtyardId: id });
    expect(await refusal(create(local, newId(), "不该有"))).toBe("not-allowed");
    const rename = async (who: { token: string }, courtyardId: string, name: string) =>
      office.handlers.commands["courtyard.rename"]({ courtyardId, name }, await office.as(who));
    expect(await refusal(rename(steward, id, "新名"))).toBe("not-allowed");
    expect(await refusal(rename(local, other, "新名"))).toBe("not-allowed");
    const elsewhere = await office.build("别的社区");
    expect(await refusal(rename(office.officerPerson, elsewhere.courtyardId, "新名"))).toBe("not-found");
    await rename(local, id, "新名");
    expect(await namesOf(local)).toEqual(["新名"]);
  });

  it("[LN-37] [LN-38] a new name reaches the courtyard and its walls; the list only those who see all", async () => {
    const id = await office.courtyard(["1-1-101"]);
    const local = await office.someone({ role: "officer", strong: true, courtyardId: id });
    const from = office.told.length;
    const rename = async () =>
      office.handlers.commands["courtyard.rename"](
        { courtyardId: id, name: "桂花巷 8 号" },
        await office.as(office.officerPerson),
      );
    await rename();
    const told = office.told.slice(from);
    expect(told[0]).toMatchObject({
      name: "places.have-changed",
      rooms: [`courtyard:${id}`, `wall:${id}`],
      data: { places: { name: "桂花巷 8 号" } },
    });
    const lists = told.filter(({ name }) => name === "courtyards.have-changed");
    const rooms = lists.flatMap((event) => event.rooms);
    expect(rooms).toContain(`resident:${office.officerPerson.residentId}`);
    expect(rooms).not.toContain(`resident:${local.residentId}`);
    expect((await office.places.tree(id))?.name).toBe("桂花巷 8 号");
    await rename();
    expect(office.told.length).toBe(from + told.length);
  });

  it("[LN-37] closing the boards to other buildings sends everyone who looks back to the door", async () => {
    const id = await office.courtyard(["1-1-101", "2-1-101"], "building");
    const from = office.told.length;
    const set = async (openBoards: boolean) =>
      office.handlers.commands["courtyard.set-open-boards"](
        { courtyardId: id, openBoards },
        await office.as(office.officerPerson),
      );
    await set(true);
    expect(office.told.length).toBe(from);
    await set(false);
    expect((await office.places.tree(id))?.openBoards).toBe(false);
    expect(office.heard(from).map(({ name }) => name)).toEqual([
      "places.have-changed",
      "boards.have-changed",
    ]);
    const steward = await office.someone({ role: "steward", courtyardId: id });
    const context = await office.as(steward);
    const attempt = office.handlers.commands["courtyard.set-open-boards"](
      { courtyardId: id, openBoards: true },
      context,
    );
    expect(await refusal(attempt)).toBe("not-allowed");
  });
});
