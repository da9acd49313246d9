import type { EventBatch, LoggedEvent } from "./events/log.ts";
import { type NodeEventName, type NodeEvents, nodeEventOf } from "./events/node-events.ts";
import type { OpenDoors } from "./identity/session-ends.ts";
import type { Rooms } from "./sync/rooms.ts";

/** Events of this node's own that are remembered until it hears them. */
const mostDone = 1_000;

type Duties = { [N in NodeEventName]: (data: NodeEvents[N]) => void };

/** What a change in the house asks of every node. */
export interface NodeDuties {
  /**
   * This node has told these, and its own part is done: by the hooks of the unit, in the same turn as the commit. Of a
   * unit whose commit was not answered nobody says so; it is found in the log, and done then.
   */
  did(batch: EventBatch): void;
  /** Does what an event asks of every node. @returns false when it is one for clients */
  hear(communityId: string, event: LoggedEvent): boolean;
}

export function createNodeDuties(deps: {
  doors: OpenDoors;
  rooms: Pick<Rooms, "readPlaces" | "closeBoard">;
  onFault(error: unknown): void;
}): NodeDuties {
  const { doors, rooms, onFault } = deps;
  const done = new Set<string>();
  const keyOf = (communityId: string, { seq }: LoggedEvent) => `${communityId}:${seq}`;
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
    did: ({ communityId, events }) => {
      for (const event of events) if (nodeEventOf(event) !== null) done.add(keyOf(communityId, event));
      // What is not heard soon is of a community that nobody here follows.
      for (const key of done) if (done.size > mostDone) done.delete(key);
    },
    hear: (communityId, event) => {
      const forNodes = nodeEventOf(event);
      if (forNodes === null) return false;
      // A newer node may tell what this one does not know yet.
      const duty = duties[forNodes.name] as ((data: unknown) => void) | undefined;
      if (!done.delete(keyOf(communityId, event))) duty?.(forNodes.data);
      return true;
    },
  };
}
