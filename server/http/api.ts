import express, { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import { errorStatus } from "../../shared/wire/errors.ts";
import type { Clock } from "../clock.ts";
import type { Sessions } from "../identity/sessions.ts";
import type { Logger } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { Refusal, wireError } from "../refusal.ts";
import { asRefusal } from "../sockets/dispatch.ts";
import type { OriginCheck } from "./origin.ts";
import type { Route } from "./route.ts";

export const httpLimits = { jsonBytes: 64 * 1024, fileBytes: 5 * 1024 * 1024 };

/** The HTTP API: origin → body → session → schema → handler, and errors as `{ error }` with their status. */
export function createApi(deps: {
  routes: readonly Route[];
  sessions: Sessions;
  origins: OriginCheck;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}): Router {
  const { routes, metrics } = deps;
  const router = Router();
  router.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  for (const route of routes) {
    router[route.method](route.path, counted(route, metrics), ...bodyParser(route), handler(route, deps));
  }
  router.use((_request, _response, next) =>
    next(new Refusal("not-found", "There is nothing at this address.")),
  );
  router.use(errors(deps.logger));
  return router;
}

const counted =
  (route: Route, metrics: Metrics): RequestHandler =>
  (_request, response, next) => {
    response.on("finish", () => metrics.requests.inc({ route: route.path, status: response.statusCode }));
    next();
  };

const bodyParser = (route: Route): RequestHandler[] => {
  if (route.body === null) return [];
  if (route.body === "bytes") return [express.raw({ type: () => true, limit: httpLimits.fileBytes })];
  return [express.json({ limit: httpLimits.jsonBytes })];
};

const handler =
  (
    route: Route,
    deps: Pick<Parameters<typeof createApi>[0], "sessions" | "origins" | "clock">,
  ): RequestHandler =>
  async (request, response) => {
    if (route.method !== "get" && !deps.origins.allows(request)) {
      throw new Refusal("origin-refused", "This request comes from another site.");
    }
    const query: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.query))
      if (typeof value === "string") query[name] = value;
    const session = await deps.sessions.authenticate(request, query.courtyardId);
    if (route.access === "session" && !session) throw new Refusal("not-signed-in", "No session.");
    let body: unknown = null;
    if (route.body === "bytes") body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    else if (route.body) {
      const parsed = route.body.safeParse(request.body);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const field = issue?.path.join(".") ?? "";
        throw new Refusal("invalid-input", `${field}: ${issue?.message ?? "invalid"}`, { field });
      }
      body = parsed.data;
    }
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.params))
      if (typeof value === "string") params[name] = value;
    const value = await route.handle({
      body,
      params,
      query,
      request,
      response,
      session,
      address: request.ip ?? "",
      now: deps.clock.now(),
    });
    if (route.result) response.json(value);
    else if (!response.headersSent) response.status(204).end();
  };

const errors =
  (logger: Logger): ErrorRequestHandler =>
  (error, request, response, _next) => {
    const refusal = bodyRefusal(error) ?? asRefusal(error);
    if (refusal.code === "internal")
      logger.error({ err: error, route: request.route?.path }, "a request failed");
    if (refusal.code === "rate-limited" || refusal.code === "locked-out") {
      response.set("Retry-After", String(refusal.params?.seconds ?? 10));
    }
    response.status(errorStatus[refusal.code]).json({ error: wireError(refusal) });
  };

/** Errors of Express's own body parsers. */
function bodyRefusal(error: unknown): Refusal | null {
  const type = typeof error === "object" && error !== null ? (error as { type?: unknown }).type : undefined;
  if (type === "entity.too.large") return new Refusal("too-large", "The request is too large.");
  if (typeof type === "string" && /^(entity|encoding|request|charset)\./.test(type)) {
    return new Refusal("invalid-input", "The request could not be read.");
  }
  return error instanceof URIError ? new Refusal("invalid-input", "The address could not be read.") : null;
}
