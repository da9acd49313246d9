import { type Actor, holds, isStaff } from "../../shared/identity/model.ts";
import { roomOf } from "../events/rooms.ts";

/** The rooms a connection hears. Decided when it connects; when access changes the socket is ended. */
export function audienceRooms(actor: Actor, buildingsOfCourtyard: readonly string[]): string[] {
  if (actor.kind === "kiosk") return [roomOf("wall", actor.courtyardId)];
  const { courtyardId, residentId, household } = actor;
  const rooms = [roomOf("courtyard", courtyardId), roomOf("resident", residentId)];
  if (household) rooms.push(roomOf("household", household.householdId));
  const cared = buildingsOfCourtyard.filter(
    (id) =>
      id === household?.buildingId ||
      holds(actor, "steward", courtyardId, id) ||
      holds(actor, "officer", courtyardId, id),
  );
  rooms.push(...cared.map((id) => roomOf("building", id)));
  if (isStaff(actor, courtyardId)) rooms.push(roomOf("staff", courtyardId));
  return rooms;
}
