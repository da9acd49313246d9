import type { LoggedEvent } from "./events/log.ts";
import { type NodeEventName, type NodeEvents, nodeEventOf } from "./events/node-events.ts";
import type { OpenDoors } from "./identity/session-ends.ts";
import type { Rooms } from "./sync/rooms.ts";

type Duties = { [N in NodeEventName]: (data: NodeEvents[N]) => void };

/** What a change in the house asks of every node. */
export interface NodeDuties {
  /**
   * This node has told these, and its own part is done: by the hooks of the unit, in the same turn as the commit. Of a
   * unit whose commit was not answered nobody says so; it is found in the log, and done then.
   */
  did(events: readonly LoggedEvent[]): void;
  /** Does what an event asks of every node. @returns false when it is one for clients */
  hear(event: LoggedEvent): boolean;
}

export function createNodeDuties(deps: {
  doors: OpenDoors;
  rooms: Pick<Rooms, "readPlaces" | "closeBoard">;
  onFault(error: unknown): void;
}): NodeDuties {
  const { doors, rooms, onFault } = deps;
  const done = new WeakSet<LoggedEvent>();
  const duties: Duties = {
    "node.access-has-changed": ({ residentId, sessionIds, areOver = false }) => {
      for (const id of sessionIds) doors.endSession(id);
      if (residentId !== null) doors.closeResident(residentId, areOver ? sessionIds : []);
    },
    "node.places-have-changed": ({ boardIds }) => {
      for (const boardId of boardIds) rooms.readPlaces(boardId).catch(onFault);
    },
    "node.boards-were-closed": ({ boardIds, reason }) => {
      for (const boardId of boardIds) rooms.closeBoard(boardId, reason).catch(onFault);
    },
  };
  return {
    did: (events) => {
      for (const event of events) done.add(event);
    },
    hear: (event) => {
      const forNodes = nodeEventOf(event);
      if (forNodes === null) return false;
      // A newer node may tell what this one does not know yet.
      const duty = duties[forNodes.name] as ((data: unknown) => void) | undefined;
      if (!done.has(event)) duty?.(forNodes.data);
      return true;
    },
  };
}
