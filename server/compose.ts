import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server as Engine } from "engine.io";
import express from "express";
import helmet from "helmet";
import { Server } from "socket.io";
import { roomLimits } from "../shared/board/limits.ts";
import { createAreas } from "./areas.ts";
import { createBoardStore } from "./board/board-store.ts";
import { createBoards } from "./board/boards.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createPlaces } from "./community/places.ts";
import { createCommunityFeed } from "./community-feed.ts";
import type { Config } from "./config/config.ts";
import { openApiRoute } from "./docs/openapi.ts";
import { createEventLog } from "./events/log.ts";
import { createBoardBus, watchCommits } from "./fanout/board-bus.ts";
import { joinBus } from "./fanout/connect.ts";
import { followOthers, intervalOf } from "./fanout/follow.ts";
import { followVotes } from "./fanout/follow-votes.ts";
import { readInstallation } from "./fanout/installation.ts";
import { addressOf } from "./http/address.ts";
import { createApi } from "./http/api.ts";
import { createBoundedServer } from "./http/bounded-server.ts";
import { createHealth } from "./http/health.ts";
import { createOriginCheck } from "./http/origin.ts";
import { createPages, defaultClientDir } from "./http/pages.ts";
import { sessionRoute } from "./http/session-route.ts";
import type { OpenDoors } from "./identity/session-ends.ts";
import { createSessions } from "./identity/sessions.ts";
import { createNodeDuties } from "./node-duties.ts";
import { createLogger, type Logger } from "./observe/log.ts";
import { createMetrics } from "./observe/metrics.ts";
import { watchRooms } from "./observe/rooms.ts";
import { createSharedClock } from "./shared-clock.ts";
import { createBoardDoor } from "./sockets/board-door.ts";
import { boardPrefix, createBoardUpgrade } from "./sockets/board-upgrade.ts";
import { createConnections } from "./sockets/connections.ts";
import { disconnectInSlices } from "./sockets/disconnect-in-slices.ts";
import { createDispatch } from "./sockets/dispatch.ts";
import { createEngineDoor } from "./sockets/engine-door.ts";
import { bindGateway, stopCalls } from "./sockets/gateway.ts";
import { createGatewayCounts } from "./sockets/gateway-limits.ts";
import { courtyardsHere, createTell } from "./sockets/tell.ts";
import { UnfinishedMessages } from "./sockets/unfinished.ts";
import { listenForUpgrades } from "./sockets/upgrade.ts";
import { type Closing, stopInOrder } from "./stop.ts";
import { openStorage } from "./storage/open.ts";
import { createFolder } from "./sync/folder.ts";
import { Rooms } from "./sync/rooms.ts";
import { Turns } from "./turns.ts";

/** What a test or a command may replace. */
export interface Overrides {
  clock?: Clock;
  logger?: Logger;
  clientDir?: string;
}

type EngineRequest = Parameters<Engine["handleRequest"]>[0];

export type App = Awaited<ReturnType<typeof compose>>;

/**
 * Builds the whole server from its configuration, in order, and starts nothing yet.
 * @throws StorageError when the storage cannot be opened
 */
export async function compose(config: Config, overrides: Overrides = {}) {
  const ownClock = overrides.clock ?? systemClock;
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const metrics = createMetrics();
  const storage = await openStorage(config);
  const sharedClock = storage.dialect === "postgres" ? createSharedClock(ownClock, storage.db) : null;
  await sharedClock?.align();
  const clock: Clock = sharedClock ?? ownClock;
  const node = await joinBus(config, await readInstallation(storage), clock, logger, metrics);
  const onFault = (error: unknown) => logger.error({ err: error }, "following the other nodes failed");
  const sessions = createSessions({
    storage,
    clock,
    onFault: (error) => logger.warn({ err: error }, "the use of sessions cannot be noted"),
  });
  const places = createPlaces(storage);
  const boards = createBoards(storage);
  const origins = createOriginCheck(config.publicUrl);
  const pages = createPages(overrides.clientDir ?? defaultClientDir, config.secureCookies);

  const app = express();
  app.disable("x-powered-by");
  app.use(helmet.xContentTypeOptions());
  const server = createBoundedServer(app, config);
  let accepting = false;
  const connections = createConnections(config);
  const addressOfRequest = (request: IncomingMessage) => addressOf(request, config.trustProxy);
  const counts = createGatewayCounts(clock);
  const unfinished = new UnfinishedMessages();
  const { engine, upgrade: upgradeEngine } = createEngineDoor({
    sessions,
    origins,
    connections,
    counts,
    unfinished,
    clock,
    addressOf: addressOfRequest,
    accepting: () => accepting,
  });
  const io = new Server({ serveClient: false });
  io.bind(engine);

  const tell = createTell(io, node.bus);

  const folder = createFolder();
  const turns = new Turns();
  const rooms = new Rooms({
    turns,
    store: createBoardStore({ storage, clock }),
    bus: createBoardBus(node.bus),
    fold: folder.fold,
    renew: folder.renew,
    followEvery: () => intervalOf(node.bus),
    settings: {
      tickMs: config.boardTickMs,
      compactRows: config.compactAfterUpdates,
      limits: {
        ...roomLimits,
        peersPerRoom: config.boardMaxPeers,
        messagesPerSecond: config.boardMessagesPerSecond,
        messageBurst: config.boardMessagesPerSecond * 4,
        accountMessagesPerSecond: config.boardMessagesPerSecond * 4,
        accountMessageBurst: config.boardMessagesPerSecond * 16,
        accountGrowthBurst: config.boardMessagesPerSecond * 1_000,
      },
    },
    report: (boardId, what, error) => logger.error({ err: error, boardId, what }, "a board reported a fault"),
  });
  watchRooms(metrics, rooms);

  const doors: OpenDoors = {
    endSession: (sessionId) => {
      stopCalls(io, sessionId);
      tell.endSession(sessionId);
    },
    closeResident: (residentId, ended) =>
      rooms.closeResident(residentId, "access-changed", { ended: new Set(ended) }),
  };
  const { log, feed } = createCommunityFeed({
    openLog: (publish) => createEventLog({ storage, clock, publish }),
    bus: node.bus,
    duties: createNodeDuties({ doors, rooms, onFault }),
    tell: (event) => {
      metrics.events.inc();
      tell.event(event);
    },
    onFault,
  });
  const areas = createAreas({
    config,
    clock,
    logger,
    metrics,
    storage,
    log,
    sessions,
    places,
    boards,
    tell,
    doors,
    rooms,
    commitsElsewhere: (boardId, hear) => watchCommits(node.bus, boardId, hear),
  });
  const dispatch = createDispatch({ handlers: areas.handlers, clock, logger, metrics });
  bindGateway({
    io,
    counts,
    dispatch,
    handlers: areas.handlers,
    sessions,
    log,
    feed,
    clock,
    logger,
    buildingsOf: places.buildingsOf,
    build: pages.build,
  });

  const readiness = { accepting: () => accepting, probe: () => storage.probe(), degraded: node.degraded };
  app.use(createHealth(readiness, metrics));
  app.use("/socket.io", (request, response) => {
    // A proxy takes 503 as "ask another node"; Engine.IO's own refusal would be final.
    if (accepting) engine.handleRequest(request as EngineRequest, response);
    else response.status(503).set("Retry-After", "1").end();
  });
  const routes = [...areas.routes, sessionRoute()];
  app.use(
    "/api/v1",
    createApi({
      routes: [...routes, openApiRoute(routes)],
      sessions,
      origins,
      addressOf: addressOfRequest,
      clock,
      logger,
      metrics,
    }),
  );
  app.use(pages.router);

  listenForUpgrades({
    server,
    origins,
    connections,
    addressOf: addressOfRequest,
    accepting: () => accepting,
    turns,
    logger,
    routes: {
      "/socket.io/": upgradeEngine,
      [boardPrefix]: createBoardUpgrade({
        sessions,
        boards,
        door: createBoardDoor({ rooms, feed }),
        unfinished,
      }),
    },
  });
  metrics.gauge("sockets_open", "Sockets and polling clients that are open.", connections.open);

  const following: { close(): void }[] = [];
  const closings: Closing[] = [
    {
      name: "accepting",
      close: () => {
        accepting = false;
      },
    },
    {
      name: "following",
      close: () => {
        for (const each of following) each.close();
      },
    },
    ...areas.closings,
    {
      name: "boards",
      close: async () => {
        const { flushed } = await rooms.drain({ slices: closingSlices, deadline: config.shutdownMs / 3 });
        if (!flushed) throw new Error("Not every edit received could be committed.");
      },
    },
    {
      name: "sockets",
      close: () => disconnectInSlices([...io.sockets.sockets.values()], { slices: closingSlices }),
    },
    { name: "events", close: () => feed.close() },
    { name: "folding", close: () => folder.close() },
    { name: "bus", close: () => node.bus.close() },
    { name: "http", close: () => closeServer(server) },
    { name: "storage", close: () => storage.close() },
  ];

  return {
    config,
    clock,
    storage,
    log,
    sessions,
    places,
    boards,
    rooms,
    openConnections: connections.open,
    /** Resolves, with the reason, when this process can store nothing any more and has to end; else never. */
    lost: storage.dialect === "sqlite" ? storage.lost : new Promise<Error>(() => {}),
    /** Listens; resolves with the address people can open. @throws when the port is taken */
    start: async (): Promise<{ port: number; url: string }> => {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(config.port, config.host, resolve);
      });
      await areas.start();
      if (sharedClock) following.push(sharedClock.keep(onFault));
      if (storage.dialect === "postgres") {
        const votes = followVotes({ db: storage.db, tell, clock, courtyards: () => courtyardsHere(io) });
        const always = [() => feed.catchUp(), votes, ...areas.catchUps.always];
        const afterTrouble = [() => rooms.catchUp(), ...areas.catchUps.afterTrouble];
        node.bus.onBack(() => rooms.meetOthers());
        following.push(followOthers({ bus: node.bus, always, afterTrouble, onFault }));
      }
      accepting = true;
      const { port } = server.address() as AddressInfo;
      const host = config.host === "0.0.0.0" || config.host === "::" ? "localhost" : config.host;
      const url = config.publicUrl ?? `http://${host === "127.0.0.1" ? "localhost" : host}:${port}`;
      logger.info({ port }, "serving");
      return { port, url };
    },
    /** Stops in order within the deadline; true when nothing was left undone. */
    close: () => stopInOrder(closings, config.shutdownMs, logger),
  };
}

/** Parts in which a stop lets everyone go. */
const closingSlices = 10;

const closeServer = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
