import { createBoardHandlers } from "./board/handlers.ts";
import { createChatHandlers } from "./chat/handlers.ts";
import { createTableFiles } from "./community/files/table-files.ts";
import { createCommunityHandlers } from "./community/handlers.ts";
import { createCommunityRoutes } from "./community/routes.ts";
import type { CatchUp } from "./fanout/follow.ts";
import type { Foundation } from "./foundation.ts";
import type { Route } from "./http/route.ts";
import { createIdentityHandlers } from "./identity/handlers.ts";
import { createIdentityRoutes } from "./identity/routes.ts";
import { createKiosk } from "./kiosk/kiosk.ts";
import { createProposals } from "./proposals/proposals.ts";
import type { AllHandlers } from "./sockets/dispatch.ts";
import type { Closing } from "./stop.ts";

/** What the areas of the house bring to the server. */
export interface Areas {
  handlers: AllHandlers;
  routes: Route[];
  /** Work that runs beside requests, started once the server listens. */
  start(): Promise<void>;
  /** What looks up what the bus between nodes may have missed: even while it works, and only after it was away. */
  catchUps: { always: CatchUp[]; afterTrouble: CatchUp[] };
  closings: Closing[];
}

/** Builds every area on the foundation, handing each only what it uses. */
export function createAreas(foundation: Foundation): Areas {
  const { config, clock, logger, storage, log, sessions, places, boards, tell, doors, rooms } = foundation;
  const { commitsElsewhere: elsewhere } = foundation;
  const onFault = (error: unknown) => logger.error({ err: error }, "work beside the requests failed");
  const files = createTableFiles();
  const proposals = createProposals({ log, storage, tell, clock, logger });
  const kiosk = createKiosk({
    storage,
    log,
    clock,
    sessions,
    places,
    doors,
    tell,
    rooms,
    elsewhere,
    votes: proposals.wall,
    config,
    onFault,
  });
  return {
    handlers: {
      identity: createIdentityHandlers({ storage, log, clock, doors }),
      community: createCommunityHandlers({ storage, log, places, rooms }),
      board: createBoardHandlers({ log, storage, boards, rooms }),
      chat: createChatHandlers({ log, storage, tell, clock, onFault }),
      proposals: proposals.handlers,
      kiosk: kiosk.handlers,
    },
    routes: [
      ...createIdentityRoutes({ storage, log, clock, sessions, doors, secureCookies: config.secureCookies }),
      ...createCommunityRoutes({ storage, log, rooms, files }),
      ...proposals.routes,
      ...kiosk.routes,
    ],
    start: async () => {
      await proposals.start();
      kiosk.start();
    },
    catchUps: { always: [kiosk.catchUp], afterTrouble: [proposals.catchUp] },
    closings: [
      { name: "tables", close: () => files.close() },
      { name: "votes", close: () => proposals.stop() },
      { name: "walls", close: () => kiosk.stop() },
    ],
  };
}
