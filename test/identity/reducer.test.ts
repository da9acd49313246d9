import { describe, expect, it } from "vitest";
import { changesMyAccess, identityReducer } from "../../client/home/reducer.ts";
import type { EventData, EventName, PersonSnapshot, WireEvent } from "../../shared/wire/contract.ts";

const me: PersonSnapshot["identity"] = {
  residentId: "resident-me",
  displayName: "小雨妈妈",
  status: "joined",
  household: null,
  roles: [],
  abilities: [],
  needsPassword: false,
  hasPassword: false,
  looksAfter: [],
  asOf: { household: 100, residents: 100, roles: 100 },
  sessionId: "session-me",
  sessionEndsAt: 1_000,
};

const event = <N extends EventName>(name: N, data: EventData<N>, at = 200): WireEvent =>
  ({ seq: 1, at, name, data }) as WireEvent;

describe("what the page knows of itself", () => {
  it("[ID-17] my new name is mine, another's only makes the list old", () => {
    const renamed = event("resident.was-renamed", { residentId: "resident-me", displayName: "小雨外婆" });
    expect(identityReducer.event(me, renamed).displayName).toBe("小雨外婆");
    const other = event("resident.was-renamed", { residentId: "resident-two", displayName: "小雨" });
    const after = identityReducer.event(me, other);
    expect(after.displayName).toBe("小雨妈妈");
    expect(after.asOf).toEqual({ household: 200, residents: 100, roles: 100 });
  });

  it("[ID-19] a steward's mark shows at once", () => {
    const mark = event("resident.was-confirmed", { residentId: "resident-me" });
    expect(identityReducer.event(me, mark).status).toBe("confirmed");
  });

  it("[ID-28] each list gets old by its own events, also by two in one millisecond", () => {
    const joined = event("residents.have-changed", { buildingId: null }, 100);
    const once = identityReducer.event(me, joined);
    const twice = identityReducer.event(once, joined);
    expect([once.asOf.residents, twice.asOf.residents]).toEqual([101, 102]);
    expect(twice.asOf.household).toBe(100);
  });

  it("[ID-25] only a change of my own roles asks for everything anew", () => {
    const mine = event("roles.have-changed", { residentId: "resident-me" });
    const theirs = event("roles.have-changed", { residentId: "resident-two" });
    expect(changesMyAccess(me, mine)).toBe(true);
    expect(changesMyAccess(me, theirs)).toBe(false);
    expect(changesMyAccess(undefined, mine)).toBe(false);
  });

  it("[ID-17] what is about something else leaves the same object", () => {
    const away = { seq: 1, at: 5, name: "nothing.of-mine", data: {} } as unknown as WireEvent;
    expect(identityReducer.event(me, away)).toBe(me);
  });
});
