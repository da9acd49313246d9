import type { CloseName } from "../../shared/wire/close-codes.ts";
import type { LoggedEvent } from "./log.ts";

/**
 * What nodes must hear of one another although no client does. These travel in the community's log like every event,
 * so that a node which missed the bus still hears them, in order and once.
 */
export interface NodeEvents {
  /** What a person may do has changed, or sessions have ended: their sockets close wherever they are. */
  "node.access-has-changed": {
    residentId: string | null;
    sessionIds: string[];
    /** The sessions have ended, and do not only have to be judged anew. */
    areOver?: boolean;
  };
  /** Households or lists of boards came or went. */
  "node.places-have-changed": { boardIds: string[] };
  "node.boards-were-closed": { boardIds: string[]; reason: CloseName };
}

export type NodeEventName = keyof NodeEvents;

/** A node event as it is logged. */
export type NodeEvent = {
  [N in NodeEventName]: { name: N; data: NodeEvents[N] };
}[NodeEventName];

/** The node event in an entry of the log, or null when it is one for clients. */
export function nodeEventOf({ name, data }: Pick<LoggedEvent, "name" | "data">): NodeEvent | null {
  return name.startsWith("node.") ? ({ name, data } as NodeEvent) : null;
}
