import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { createApi } from "../../server/http/api.ts";
import { createOriginCheck } from "../../server/http/origin.ts";
import { entryLimits } from "../../server/identity/limits.ts";
import { createIdentityRoutes } from "../../server/identity/routes.ts";
import { createLogger } from "../../server/observe/log.ts";
import { createMetrics } from "../../server/observe/metrics.ts";
import type { World } from "./world.ts";

export interface Answer {
  status: number;
  body: { error?: { code: string; params?: Record<string, number | string> } } & Record<string, unknown>;
  /** The whole Set-Cookie header. */
  cookie: string;
  /** The session it carries. */
  token: string;
}

/** A real HTTP server with the identity routes, and a browser's way of asking it. */
export async function openFrontDoor(
  world: World,
  options: { secure?: boolean; limits?: typeof entryLimits } = {},
) {
  const { storage, log, clock, sessions, doors } = world;
  const routes = createIdentityRoutes({
    storage,
    log,
    clock,
    sessions,
    doors,
    secureCookies: options.secure ?? false,
    limits: options.limits ?? entryLimits,
  });
  const app = express();
  const logger = createLogger("silent");
  const origins = createOriginCheck(null);
  const addressOf = () => "here";
  const metrics = createMetrics();
  app.use("/api/v1", createApi({ routes, sessions, origins, addressOf, clock, logger, metrics }));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const post = async (path: string, body: unknown, token?: string): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0",
        ...(token && { Cookie: `yuanba_session=${token}` }),
      },
      body: JSON.stringify(body),
    });
    const cookie = response.headers.get("set-cookie") ?? "";
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? {} : JSON.parse(text),
      cookie,
      token: /yuanba_session=([^;]*)/.exec(cookie)?.[1] ?? "",
    };
  };

  return {
    post,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type FrontDoor = Awaited<ReturnType<typeof openFrontDoor>>;
