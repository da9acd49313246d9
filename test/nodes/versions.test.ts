import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hello, Welcome } from "../../shared/wire/contract.ts";
import {
  oldestProtocolVersion,
  oldestServerVersion,
  packets,
  protocolVersion,
} from "../../shared/wire/protocol.ts";
import { bearer, openYard, type Yard } from "../server/yard.ts";

describe("old and new side by side, while nodes are restarted one after the other", () => {
  let yard: Yard;
  let token: string;
  beforeAll(async () => {
    yard = await openYard();
    token = (await yard.resident("1-1-101")).token;
  });
  afterAll(() => yard.close());

  /** What a page that says this gets: a welcome, or a refusal by name. */
  const greet = (hello: Hello): Promise<Welcome | string> => {
    const socket = io(yard.url, {
      auth: hello,
      transports: ["websocket"],
      extraHeaders: bearer(token),
      reconnection: false,
      forceNew: true,
    });
    return new Promise<Welcome | string>((resolve) => {
      socket.once(packets.welcome, resolve);
      socket.once("connect_error", (error: Error & { data?: { code: string } }) =>
        resolve(error.data?.code ?? error.message),
      );
    }).finally(() => socket.close());
  };

  it("[FO-21] a page too old for the node is told to load again", async () => {
    expect(await greet({ protocol: oldestProtocolVersion - 1 })).toBe("protocol-unsupported");
    expect(await greet({ protocol: oldestProtocolVersion - 1, oldest: 0 })).toBe("protocol-unsupported");
  });

  it("[FO-21] a page newer than the node is served when it still speaks the node's language, and else told to come back, not to load again", async () => {
    const newer = protocolVersion + 1;
    expect(await greet({ protocol: newer, oldest: protocolVersion })).toMatchObject({
      protocol: protocolVersion,
    });
    expect(await greet({ protocol: newer, oldest: newer })).toBe("shutting-down");
    // Programs that do not say it are believed to manage.
    expect(await greet({ protocol: newer })).toMatchObject({ protocol: protocolVersion });
  });

  it("[FO-21] the pages of this version can talk to its own server", () => {
    expect(oldestServerVersion).toBeLessThanOrEqual(protocolVersion);
    expect(oldestProtocolVersion).toBeLessThanOrEqual(protocolVersion);
  });
});
