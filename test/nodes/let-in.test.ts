import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { closeCodes } from "../../shared/wire/close-codes.ts";
import { openSocket } from "../server/socket-client.ts";
import { bearer } from "../server/yard.ts";
import { until } from "../services/until.ts";
import { type Nodes, openNodes } from "./nodes.ts";

describe("a node that nobody of a community was on, and a session that ends elsewhere while it is let in", () => {
  let all: Nodes;
  beforeEach(async () => {
    all = await openNodes(2, { redis: false });
  });
  afterEach(() => all.close());

  /** Signs somebody out on the other node, just after the first has asked for the last time who they are. */
  const endAfter = (token: string, asks: number): (() => boolean) => {
    const { sessions } = all.node(0).app;
    const honest = sessions.authenticate;
    let asked = 0;
    sessions.authenticate = async (request, courtyardId) => {
      const session = await honest(request, courtyardId);
      if (++asked !== asks) return session;
      const answer = await fetch(`${all.node(1).url}/api/v1/sign-out`, {
        method: "POST",
        headers: { ...bearer(token), "content-type": "application/json" },
        body: "{}",
      });
      expect(answer.status).toBeLessThan(300);
      return session;
    };
    return () => asked >= asks;
  };

  const token = () => all.seeded.households[0]?.token ?? "";

  it("[HT-15 FO-5] loses its board connection", async () => {
    const isOut = endAfter(token(), 1);
    const board = new WebSocket(`${all.node(0).wsUrl}/yjs/${all.seeded.boardId}`, {
      headers: bearer(token()),
    });
    const [code] = await once(board, "close");
    expect([isOut(), code]).toEqual([true, closeCodes["session-ended"]]);
  });

  it("[HT-15 FO-5] loses its socket", async () => {
    // It is asked for at the handshake, when it connects, and when it has its place among those that are ended.
    const isOut = endAfter(token(), 3);
    const client = await openSocket(all.node(0).url, token()).catch(() => null);
    await until("it is signed out", isOut);
    await until("its socket has ended", () => client === null || !client.socket.connected);
  });
});
