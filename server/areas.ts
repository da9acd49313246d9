import { createBoardHandlers } from "./board/handlers.ts";
import { createCommunityHandlers } from "./community/handlers.ts";
import type { Foundation } from "./foundation.ts";
import type { Route } from "./http/route.ts";
import type { AllHandlers } from "./sockets/dispatch.ts";
import type { Closing } from "./stop.ts";

/** What the areas of the house bring to the server. */
export interface Areas {
  handlers: AllHandlers;
  routes: Route[];
  /** Work that runs beside requests, started once the server listens. */
  start(): Promise<void>;
  closings: Closing[];
}

/** Builds every area on the foundation, handing each only what it uses. */
export function createAreas(foundation: Foundation): Areas {
  const { storage, places, boards } = foundation;
  const none = { commands: {}, queries: {}, whispers: {} };
  return {
    handlers: {
      community: createCommunityHandlers({ storage, places }),
      board: createBoardHandlers({ boards }),
      identity: none as never,
      chat: none as never,
      proposals: none as never,
      kiosk: none as never,
    },
    routes: [],
    start: async () => {},
    closings: [],
  };
}
