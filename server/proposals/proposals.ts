import type { proposalsContract } from "../../shared/proposals/contract.ts";
import type { ProposalView } from "../../shared/proposals/model.ts";
import type { WireSignal } from "../../shared/wire/contract.ts";
import type { Clock } from "../clock.ts";
import type { EventLog } from "../events/log.ts";
import type { Route } from "../http/route.ts";
import type { Logger } from "../observe/log.ts";
import type { AreaHandlers } from "../sockets/area.ts";
import type { Tell } from "../sockets/tell.ts";
import type { Storage } from "../storage/storage.ts";
import { type Closer, createCloser } from "./closer.ts";
import { createProposalHandlers } from "./handlers.ts";
import { createPassing, type Passing } from "./passing.ts";
import { currentSignals, wallVotes } from "./reading.ts";
import { turnoutOf } from "./repository.ts";
import { createProposalRoutes } from "./routes.ts";

export interface Proposals {
  handlers: AreaHandlers<typeof proposalsContract>;
  routes: Route[];
  closer: Closer;
  passing: Passing;
  /** What the kiosk shows of the votes; already fit for the public. */
  wall: {
    votes(courtyardId: string, endedAfter: number): Promise<ProposalView[]>;
    signals(courtyardId: string): Promise<WireSignal[]>;
  };
  /** Closes what was due while the server was away. Call it before sockets are let in. */
  start(): Promise<void>;
  /** The bus between nodes may have missed something. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the area together. */
export function createProposals(deps: {
  log: Pick<EventLog, "write">;
  storage: Pick<Storage, "db" | "dialect">;
  tell: Pick<Tell, "signal" | "others" | "hear">;
  clock: Clock;
  logger: Pick<Logger, "error">;
}): Proposals {
  const { log, storage, tell, clock, logger } = deps;
  const onFault = (error: unknown) => logger.error({ err: error }, "a vote could not be looked after");
  const passing = createPassing({
    tell,
    onFault,
    count: (proposalId, round) => turnoutOf(storage.db, proposalId, round),
  });
  const closer = createCloser({ log, storage, clock, onFault });
  return {
    handlers: createProposalHandlers({ log, storage, clock, passing, closer }),
    routes: createProposalRoutes({ storage }),
    closer,
    passing,
    wall: {
      votes: (courtyardId, endedAfter) => wallVotes(storage.db, courtyardId, endedAfter),
      signals: (courtyardId) => currentSignals(storage.db, passing, courtyardId, clock.now()),
    },
    start: () => closer.start(),
    catchUp: async () => {
      const open = await storage.db
        .selectFrom("proposals")
        .select(["id as proposalId", "round", "courtyard_id as courtyardId"])
        .where("state", "=", "open")
        .execute();
      await passing.recount(open);
    },
    stop: async () => {
      passing.close();
      await closer.stop();
    },
  };
}
