import express, { type ErrorRequestHandler, type Request, type RequestHandler, Router } from "express";
import { errorStatus } from "../../shared/wire/errors.ts";
import type { Clock } from "../clock.ts";
import type { Session, Sessions } from "../identity/sessions.ts";
import type { Logger } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { Refusal, wireError } from "../refusal.ts";
import { asRefusal } from "../sockets/dispatch.ts";
import type { OriginCheck } from "./origin.ts";
import type { Route } from "./route.ts";

export const httpLimits = {
  jsonBytes: 64 * 1024,
  fileBytes: 5 * 1024 * 1024,
  /** Files that are received or worked on at the same time, one of each account; each is held in memory whole. */
  filesAtOnce: 8,
};

/**
 * The HTTP API: origin → session → may → body → schema → handler, and errors as `{ error }` with their status. Nothing of
 * a body is kept for who may not send it.
 */
export function createApi(deps: {
  routes: readonly Route[];
  sessions: Sessions;
  origins: OriginCheck;
  /** Whom a request counts against. */
  addressOf(request: Request): string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}): Router {
  const { routes, metrics } = deps;
  const router = Router();
  const files = fewAtOnce(httpLimits.filesAtOnce);
  router.use((_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  for (const route of routes) {
    router[route.method](
      route.path,
      counted(route, metrics),
      admission(route, deps),
      ...bodyParser(route, files),
      handler(route, deps),
    );
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

/** Refuses other sites and strangers before their body is read, and notes who calls. */
const admission =
  (route: Route, deps: Pick<Parameters<typeof createApi>[0], "sessions" | "origins">): RequestHandler =>
  async (request, response, next) => {
    if (route.method !== "get" && !deps.origins.allows(request)) {
      throw new Refusal("origin-refused", "This request comes from another site.");
    }
    const { courtyardId } = request.query;
    const asked = typeof courtyardId === "string" ? courtyardId : undefined;
    const session = await deps.sessions.authenticate(request, asked);
    if (route.access === "session" && !session) throw new Refusal("not-signed-in", "No session.");
    if (session) await route.may?.(session, wordsOf(request.params));
    response.locals.session = session;
    next();
  };

/**
 * Lets `most` requests through at a time, and of one person or screen only one, or a few people could take every place.
 * Each makes room when its answer is sent or its line is cut.
 */
function fewAtOnce(most: number): RequestHandler {
  const open = new Set<string>();
  return (_request, response, next) => {
    // Its line was cut while it was asked whose it is: nobody would say so a second time.
    if (response.closed) return;
    const { actor } = response.locals.session as Session;
    const account = actor.kind === "kiosk" ? actor.kioskId : actor.residentId;
    if (open.has(account) || open.size >= most)
      throw new Refusal("rate-limited", "Too many files at once.", { seconds: 10 });
    open.add(account);
    response.once("close", () => open.delete(account));
    next();
  };
}

const bodyParser = (route: Route, files: RequestHandler): RequestHandler[] => {
  if (route.body === null) return [];
  if (route.body === "bytes") return [files, express.raw({ type: () => true, limit: httpLimits.fileBytes })];
  return [express.json({ limit: httpLimits.jsonBytes })];
};

const handler =
  (route: Route, deps: Pick<Parameters<typeof createApi>[0], "clock" | "addressOf">): RequestHandler =>
  async (request, response) => {
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
    const value = await route.handle({
      body,
      params: wordsOf(request.params),
      query: wordsOf(request.query),
      request,
      response,
      session: response.locals.session as Session | null,
      address: deps.addressOf(request),
      now: deps.clock.now(),
    });
    if (route.result) response.json(value);
    else if (!response.headersSent) response.status(204).end();
  };

/** What an address says under each name; what it says more than once is left out. */
function wordsOf(parsed: Record<string, unknown>): Record<string, string> {
  const words = Object.entries(parsed).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(words) as Record<string, string>;
}

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
