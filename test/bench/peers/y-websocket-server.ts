import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { boardOf800, householdAt } from "../board.ts";
import { askForAll, haveNothing, kindOf, updateMessage } from "../messages.ts";
import { openRawClient } from "../raw-client.ts";
import type { Peer } from "./peer.ts";

const ROOM = "board";

/** The server that the authors of Yjs publish beside y-websocket, with the `ws` of this project under it. */
export const yWebsocketServer: Peer = {
  name: "@y/websocket-server 0.1.1",
  promise: "in memory: an edit is told to others at once and is gone with the process",
  async start() {
    const child = fork(join(import.meta.dirname, "y-websocket-server-process.ts"));
    const [message] = await once(child, "message");
    const url = `ws://127.0.0.1:${message.port}/${ROOM}`;
    await fill(url);
    return {
      pid: child.pid ?? 0,
      async seats(clients, writers) {
        return Array.from({ length: clients }, (_, index) => ({
          url,
          headers: {},
          cell: index < writers ? householdAt(index) : null,
        }));
      },
      async stop() {
        const exited = once(child, "exit");
        child.kill("SIGKILL");
        await exited;
      },
    };
  },
};

async function fill(url: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const opened = openRawClient(
      url,
      {},
      {
        lost: reject,
        async message(bytes) {
          const kind = kindOf(bytes);
          const client = await opened;
          if (kind === "asks") {
            client.send(haveNothing);
            client.send(updateMessage(boardOf800()));
            // Answered after the update has been taken in, because messages of one socket are taken in order.
            client.send(askForAll);
          }
          if (kind === "answers") {
            client.end();
            resolve();
          }
        },
      },
    );
    opened.catch(reject);
  });
}
