import type { Unit } from "../events/log.ts";

/** What is open in a person's name, and is closed when their access changes. */
export interface OpenDoors {
  /** Ends the sockets of a session; a client that still may comes back and is judged anew. */
  endSession(sessionId: string): void;
  /** Ends the board connections of a resident: those of sessions that are over for good, the others to be judged anew. */
  closeResident(residentId: string, ended: readonly string[]): void;
}

interface WhichSessions {
  residentId: string;
  /** Only this session. */
  sessionId?: string;
  /** All but this one. */
  except?: string;
}

/** Signs out sessions of a resident; their sockets close once it is committed. @returns how many */
export async function endSessions(
  unit: Unit,
  which: WhichSessions,
  now: number,
  doors: OpenDoors,
): Promise<number> {
  let rows = unit.db
    .updateTable("sessions")
    .set({ ended_at: now })
    .where("resident_id", "=", which.residentId)
    .where("ended_at", "is", null)
    .where("expires_at", ">", now);
  if (which.sessionId) rows = rows.where("id", "=", which.sessionId);
  if (which.except) rows = rows.where("id", "!=", which.except);
  const ended = await rows.returning("id").execute();
  if (ended.length > 0) closeAfterCommit(unit, which.residentId, ended, doors, { areOver: true });
  return ended.length;
}

/** Lets a resident's open sockets come back with what they may do now; nobody is signed out. */
export async function judgeAnew(
  unit: Unit,
  residentId: string,
  now: number,
  doors: OpenDoors,
): Promise<void> {
  const open = await unit.db
    .selectFrom("sessions")
    .select("id")
    .where("resident_id", "=", residentId)
    .where("ended_at", "is", null)
    .where("expires_at", ">", now)
    .execute();
  closeAfterCommit(unit, residentId, open, doors);
}

/** Their sockets close on every node: here in the turn of the commit, elsewhere when it is heard of. */
export function closeAfterCommit(
  unit: Pick<Unit, "tellNodes" | "afterCommit">,
  residentId: string,
  sessions: readonly { id: string }[],
  doors: OpenDoors,
  { areOver }: { areOver: boolean } = { areOver: false },
): void {
  const sessionIds = sessions.map(({ id }) => id);
  unit.tellNodes("node.access-has-changed", { residentId, sessionIds, areOver });
  unit.afterCommit(() => {
    for (const id of sessionIds) doors.endSession(id);
    doors.closeResident(residentId, areOver ? sessionIds : []);
  });
}
