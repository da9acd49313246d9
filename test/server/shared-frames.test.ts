import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { withSharedFrames } from "../../server/sockets/shared-frames.ts";
import { SharedFrame } from "../../server/sync/frame.ts";
import { until } from "../services/until.ts";

describe("frames that are made once for many sockets", () => {
  const http = createServer();
  const servers: WebSocketServer[] = [];
  beforeAll(() => new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve)));
  afterAll(() => {
    for (const server of servers) server.close();
    http.close();
  });

  /** A connected pair: the server's socket, counted, and all that the client hears. */
  const pair = async (perMessageDeflate: boolean) => {
    const server = new WebSocketServer({ noServer: true, perMessageDeflate });
    servers.push(server);
    const accepted = new Promise<WebSocket>((resolve) => {
      http.once("upgrade", (request, socket, head) => server.handleUpgrade(request, socket, head, resolve));
    });
    const { port } = http.address() as AddressInfo;
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate });
    const heard: Buffer[] = [];
    client.on("message", (data: Buffer) => heard.push(data));
    const ws = await accepted;
    let sends = 0;
    const send = ws.send.bind(ws);
    ws.send = ((data: Buffer) => {
      sends++;
      send(data);
    }) as typeof ws.send;
    const board = withSharedFrames(ws);
    if (!board.sendShared) throw new Error("it has no way for shared frames");
    return { board, sendShared: board.sendShared, client, heard, sends: () => sends };
  };
  const message = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251);

  it("[SY-39] arrive whole and in order with all else, of every length, without ws putting them together again", async () => {
    const { board, sendShared, client, heard, sends } = await pair(false);
    const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000];
    for (const length of lengths) {
      sendShared(SharedFrame.of(message(length)));
      board.send(message(3));
    }
    await until("all are heard", () => heard.length === lengths.length * 2);
    expect(heard.filter((_, at) => at % 2 === 0).map((data) => data.length)).toEqual(lengths);
    for (const [at, length] of lengths.entries())
      expect(heard[at * 2]?.equals(Buffer.from(message(length)))).toBe(true);
    expect(sends()).toBe(lengths.length);
    client.terminate();
  });

  it("[SY-39] go the public way on a socket that compresses", async () => {
    const { sendShared, client, heard, sends } = await pair(true);
    sendShared(SharedFrame.of(message(5), message(2_000)));
    await until("it is heard", () => heard.length === 1);
    expect([heard[0]?.length, sends()]).toEqual([2_005, 1]);
    client.terminate();
  });

  it("[SY-39] are dropped on a socket that is closing, like all else", async () => {
    const { board, sendShared, client, heard } = await pair(false);
    board.close(1012, "restart");
    sendShared(SharedFrame.of(message(5)));
    await until("it is closed", () => client.readyState === WebSocket.CLOSED);
    expect(heard).toEqual([]);
  });
});
