import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { until } from "../services/until.ts";
import { bearer } from "./yard.ts";

export interface BoardClient {
  doc: Y.Doc;
  provider: WebsocketProvider;
  close(): void;
}

/** The stock provider of y-websocket with a session, as any other program would use it. */
export async function openBoard(
  wsUrl: string,
  boardId: string,
  token: string,
  doc = new Y.Doc(),
): Promise<BoardClient> {
  class WithSession extends WebSocket {
    constructor(address: string) {
      super(address, { headers: bearer(token) });
    }
  }
  const provider = new WebsocketProvider(`${wsUrl}/yjs`, boardId, doc, {
    WebSocketPolyfill: WithSession as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  await until("the board is synced", () => provider.synced);
  return {
    doc,
    provider,
    close: () => {
      provider.destroy();
      doc.destroy();
    },
  };
}
