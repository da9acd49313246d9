import { createServer } from "node:http";
import { setupWSConnection } from "@y/websocket-server/utils";
import { WebSocketServer } from "ws";

/** `@y/websocket-server` as its own `server.js` wires it, on a port of the system's choice. */
const server = createServer();
const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket, request) => setupWSConnection(socket, request));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") process.send?.({ port: address.port });
});
// The parent is gone: nobody needs this any more.
process.on("disconnect", () => process.exit());
