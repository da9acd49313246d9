import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RequestHandler, Router } from "express";
import expressStaticGzip from "express-static-gzip";
import helmet from "helmet";

/** Where `npm run build` puts the client. */
export const defaultClientDir = new URL("../../dist", import.meta.url).pathname;

export interface Pages {
  router: Router;
  /** Changes whenever the served client does. */
  build: string;
}

/** Serves the client: hashed assets for ever, the page itself and its service worker always fresh. */
export function createPages(clientDir: string, secure: boolean): Pages {
  const file = join(clientDir, "index.html");
  const page = existsSync(file) ? readFileSync(file, "utf8") : null;
  const build = page ? createHash("sha256").update(page).digest("hex").slice(0, 12) : "none";
  const router = Router();
  router.use(securityHeaders(secure));
  if (page) {
    router.use(
      expressStaticGzip(clientDir, {
        index: false,
        // Compressed once, when built: a courtyard that opens the page at the same moment costs no CPU.
        enableBrotli: true,
        orderPreference: ["br", "gz"],
        serveStatic: {
          cacheControl: false,
          redirect: false,
          setHeaders: (response, path) => {
            const kept = path.includes("/assets/");
            response.setHeader("Cache-Control", kept ? "public, max-age=31536000, immutable" : "no-cache");
          },
        },
      }),
    );
  }
  router.use("/assets", (_request, response) => {
    response.status(404).end();
  });
  router.get(/^(?!\/(api|socket\.io|yjs)\/).*/, (request, response, next) => {
    if (!request.accepts("html")) return next();
    if (!page) {
      response.status(503).type("text/plain").send("The client is not built. Run: npm run build\n");
      return;
    }
    response.set("Cache-Control", "no-cache").type("html").send(page);
  });
  return { router, build };
}

/** Older Safari does not count sockets to the page's own host as 'self'. */
const ownSockets = ({ headers }: { headers: { host?: string } }): string => {
  const { host } = headers;
  return host && /^[a-z0-9.:[\]-]+$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
};

const securityHeaders = (secure: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        formAction: ["'self'"],
        imgSrc: ["'self'", "data:", "blob:"],
        connectSrc: ["'self'", ownSockets],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    crossOriginOpenerPolicy: secure,
    originAgentCluster: false,
    referrerPolicy: { policy: "same-origin" },
  });
