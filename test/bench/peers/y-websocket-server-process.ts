import { createServer } from "node:http";
import { getPersistence, getYDoc, setupWSConnection } from "@y/websocket-server/utils";
import { WebSocketServer } from "ws";
import * as Y from "yjs";
import { readSeeds } from "./seed-files.ts";

/**
 * `@y/websocket-server` as its own `server.js` wires it, on a port of the system's choice. SEEDS names a folder of
 * documents it starts with; YPERSISTENCE, which it reads itself, the folder of its LevelDB, by y-leveldb.
 */
const { SEEDS } = process.env;

interface Level {
  provider: { storeUpdate(name: string, update: Uint8Array): Promise<number> };
}

/** Its declared type leaves out the LevelDB that it carries. */
function isLevel(persistence: object | null): persistence is Level {
  return persistence !== null && "provider" in persistence;
}

const persistence = getPersistence();
for (const { name, update } of SEEDS ? readSeeds(SEEDS) : []) {
  if (isLevel(persistence)) await persistence.provider.storeUpdate(name, update);
  else Y.applyUpdate(getYDoc(name), update);
}

const server = createServer();
const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket, request) => setupWSConnection(socket, request));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(`ready ${address.port}`);
});
