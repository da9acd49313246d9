import type { Boards } from "./board/boards.ts";
import type { Clock } from "./clock.ts";
import type { Places } from "./community/places.ts";
import type { Config } from "./config/config.ts";
import type { EventLog } from "./events/log.ts";
import type { OpenDoors } from "./identity/session-ends.ts";
import type { Sessions } from "./identity/sessions.ts";
import type { CommitsElsewhere } from "./kiosk/live.ts";
import type { Logger } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import type { Tell } from "./sockets/tell.ts";
import type { Storage } from "./storage/storage.ts";
import type { Rooms } from "./sync/rooms.ts";

/** What stands before any area is built. Areas are handed parts of it, never the whole. */
export interface Foundation {
  config: Config;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  storage: Storage;
  log: EventLog;
  sessions: Sessions;
  places: Places;
  boards: Boards;
  tell: Tell;
  doors: OpenDoors;
  rooms: Rooms;
  /** What other nodes commit, for those who look at boards without opening them. */
  commitsElsewhere: CommitsElsewhere;
}
