import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler, Router } from "express";
import helmet from "helmet";

/** Where `npm run build` puts the client. */
export const defaultClientDir = new URL("../../dist", import.meta.url).pathname;

export interface Pages {
  router: Router;
  /** Changes whenever the served client does. */
  build: string;
}

const noncePlace = "__CSP_NONCE__";

/** Serves the client: hashed assets for ever, the page itself fresh, each with a nonce of its own. */
export function createPages(clientDir: string, secure: boolean): Pages {
  const file = join(clientDir, "index.html");
  const page = existsSync(file) ? readFileSync(file, "utf8") : null;
  const build = page ? createHash("sha256").update(page).digest("hex").slice(0, 12) : "none";
  const router = Router();
  router.use(securityHeaders(secure));
  router.use(
    "/assets",
    express.static(join(clientDir, "assets"), { immutable: true, maxAge: "365d", fallthrough: false }),
  );
  router.use(express.static(clientDir, { index: false, maxAge: "1h" }));
  router.get(/^(?!\/(api|socket\.io|yjs)\/).*/, (request, response, next) => {
    if (!request.accepts("html")) return next();
    if (!page) {
      response.status(503).type("text/plain").send("The client is not built. Run: npm run build\n");
      return;
    }
    const nonce = String(response.locals.nonce);
    response.set("Cache-Control", "no-cache").type("html").send(page.replaceAll(noncePlace, nonce));
  });
  return { router, build };
}

function securityHeaders(secure: boolean): RequestHandler {
  const nonceOf = (_request: unknown, response: unknown) =>
    `'nonce-${(response as { locals: { nonce: string } }).locals.nonce}'`;
  const guard = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
        scriptSrc: ["'self'", nonceOf],
        styleSrc: ["'self'", nonceOf],
        imgSrc: ["'self'", "data:", "blob:"],
        connectSrc: ["'self'", "ws:", "wss:"],
        workerSrc: ["'self'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: false,
    referrerPolicy: { policy: "same-origin" },
  });
  return (request, response, next) => {
    response.locals.nonce = randomBytes(16).toString("base64");
    guard(request, response, next);
  };
}
