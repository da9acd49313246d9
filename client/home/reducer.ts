import type { WireEvent } from "../../shared/wire/contract.ts";
import type { AreaReducer, Areas } from "../state/app-state.ts";

type Me = Areas["identity"];

/** Follows what happens to me and to the people around me. Lists are asked for anew by the pages that show them. */
export const identityReducer: AreaReducer<Me> = {
  event: (me, { name, data, at }) => {
    switch (name) {
      case "resident.was-renamed":
        return heard(mine(me, data) ? { ...me, displayName: data.displayName } : me, "household", at);
      case "resident.was-confirmed":
        return heard(mine(me, data) ? { ...me, status: "confirmed" } : me, "household", at);
      case "resident.has-joined":
      case "resident.was-removed":
      case "devices.have-changed":
        return heard(me, "household", at);
      case "residents.have-changed":
        return heard(me, "residents", at);
      case "roles.have-changed":
        return heard(me, "roles", at);
      default:
        return me;
    }
  },
};

const mine = (me: Me, { residentId }: { residentId: string }): boolean => residentId === me.residentId;

const heard = (me: Me, list: keyof Me["asOf"], at: number): Me => ({
  ...me,
  asOf: { ...me.asOf, [list]: Math.max(at, me.asOf[list] + 1) },
});

/** True when what this person may do has changed, so that the whole picture must be asked for anew. */
export const changesMyAccess = (me: Me | undefined, { name, data }: WireEvent): boolean =>
  me !== undefined && name === "roles.have-changed" && mine(me, data);
