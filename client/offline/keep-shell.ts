/**
 * Lets the page open without a connection. Parts loaded before the worker was there are handed to it once,
 * or the first visit would leave holes. Browsers without workers simply need a connection to open the page.
 */
export function keepShell(): void {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  window.addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      const loaded = performance
        .getEntriesByType("resource")
        .map((entry) => entry.name)
        .filter((name) => new URL(name).pathname.startsWith("/assets/"));
      await Promise.all(
        [fetch("/"), ...new Set(loaded)].map((part) => (typeof part === "string" ? fetch(part) : part)),
      );
    } catch {
      // A refused registration (private window, storage full) leaves the page as it was.
    }
  });
}
