/// <reference lib="webworker" />

/**
 * Keeps the app's shell on the device, so that the board opens without a connection and what was written
 * offline can be seen and goes on waiting. Data never passes through here.
 */
declare const self: ServiceWorkerGlobalScope;

export type {};

const shell = "yuanba-shell-1";
const page = "/";
/** Parts kept; the oldest go first, so that many updates do not fill a cheap phone. */
const keptParts = 120;

self.addEventListener("install", (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  // On a first visit no navigation has passed through here: the page itself then asks for "/" to be kept.
  if (pathname === page || (request.mode === "navigate" && !pathname.startsWith("/api/")))
    event.respondWith(openPage(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(openPart(request));
});

/** The page as it is served now; without a connection the one kept. */
async function openPage(request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.headers.get("content-type")?.startsWith("text/html"))
      await cache.put(page, fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await cache.match(page);
    if (kept) return kept;
    throw error;
  }
}

/** A part of the app: its name changes with its content, so the kept one is always right. */
async function openPart(request: Request): Promise<Response> {
  const cache = await caches.open(shell);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) {
    await cache.put(request, fresh.clone());
    const parts = (await cache.keys()).filter((entry) => new URL(entry.url).pathname !== page);
    await Promise.all(
      parts.slice(0, Math.max(0, parts.length - keptParts)).map((entry) => cache.delete(entry)),
    );
  }
  return fresh;
}
