import type { NodeEvent, NodeEventName, NodeEvents } from "./events/node-events.ts";
import type { OpenDoors } from "./identity/session-ends.ts";
import type { Rooms } from "./sync/rooms.ts";

type Duties = { [N in NodeEventName]: (data: NodeEvents[N]) => void };

/** Does on this node what another node's change asks of every node. */
export function createNodeDuties(deps: {
  nodeId: string;
  doors: OpenDoors;
  rooms: Pick<Rooms, "readPlaces" | "closeBoard">;
  onFault(error: unknown): void;
}): (event: NodeEvent) => void {
  const { nodeId, doors, rooms, onFault } = deps;
  const duties: Duties = {
    "node.access-has-changed": ({ residentId, sessionIds }) => {
      for (const id of sessionIds) doors.endSession(id);
      if (residentId !== null) doors.closeResident(residentId);
    },
    "node.places-have-changed": ({ boardIds }) => {
      for (const boardId of boardIds) rooms.readPlaces(boardId).catch(onFault);
    },
    "node.boards-were-closed": ({ boardIds, reason }) => {
      for (const boardId of boardIds) rooms.closeBoard(boardId, reason).catch(onFault);
    },
  };
  return ({ name, by, data }) => {
    // The node that told it has done its own part in the same turn as the commit.
    if (by === nodeId) return;
    // A newer node may tell what this one does not know yet.
    const duty = duties[name] as ((data: unknown) => void) | undefined;
    duty?.(data);
  };
}
