import type { KioskActor } from "../../shared/identity/model.ts";
import type { kioskContract } from "../../shared/kiosk/contract.ts";
import type { WireSignal } from "../../shared/wire/contract.ts";
import type { Clock } from "../clock.ts";
import type { Places } from "../community/places.ts";
import type { EventLog } from "../events/log.ts";
import type { Route } from "../http/route.ts";
import type { OpenDoors } from "../identity/session-ends.ts";
import type { Sessions } from "../identity/sessions.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Storage } from "../storage/storage.ts";
import { createKioskHandlers } from "./handlers.ts";
import { markSeen, seenGrain } from "./kiosks.ts";
import { type BoardCommits, type CommitsElsewhere, createWallLive } from "./live.ts";
import { createKioskRoutes } from "./routes.ts";
import { createWall, type WallVotes } from "./wall.ts";

export interface Kiosk {
  handlers: AreaHandlers<typeof kioskContract>;
  routes: Route[];
  /** Follows the boards from now on. */
  start(): void;
  /** The bus between nodes may have missed something. */
  catchUp(): Promise<void>;
  stop(): void;
}

/** Puts the area together. */
export function createKiosk(deps: {
  storage: Storage;
  log: EventLog;
  clock: Clock;
  sessions: Pick<Sessions, "start">;
  places: Pick<Places, "tree">;
  doors: Pick<OpenDoors, "endSession">;
  tell: Pick<Tell, "signal">;
  rooms: BoardCommits;
  elsewhere: CommitsElsewhere;
  /** What the proposals area shows the public. */
  votes: WallVotes & { signals(courtyardId: string): Promise<WireSignal[]> };
  config: { publicUrl: string | null; secureCookies: boolean };
  onFault(error: unknown): void;
}): Kiosk {
  const { storage, log, clock, sessions, places, doors, tell, rooms, elsewhere, votes, config, onFault } =
    deps;
  const wall = createWall({ storage, places, log, votes, clock, publicUrl: config.publicUrl });
  const live = createWallLive({ storage, wall, rooms, elsewhere, tell, clock, onFault });

  const lastSeen = new Map<string, number>();
  const seen = ({ kioskId }: KioskActor): void => {
    const now = clock.now();
    if (now - (lastSeen.get(kioskId) ?? 0) < seenGrain) return;
    lastSeen.set(kioskId, now);
    storage.write((tx) => markSeen(tx, kioskId, now)).catch(onFault);
  };

  return {
    handlers: createKioskHandlers({ log, storage, doors, wall, live, seen, passing: votes.signals }),
    routes: createKioskRoutes({ storage, sessions, secureCookies: config.secureCookies }),
    start: () => live.start(),
    catchUp: () => live.catchUp(),
    stop: () => live.stop(),
  };
}
