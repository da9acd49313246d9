/**
 * Lets the page open without a connection. Parts loaded past the worker are handed to it, or the first visit
 * would leave holes. Browsers without workers simply need a connection to open the page.
 */
export function keepShell(): void {
  if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
  window.addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
      await controlled();
      await fetch("/");
      handOverParts();
    } catch {
      // A refused registration (private window, storage full) leaves the page as it was.
    }
  });
}

/** Resolves when requests of this page pass through the worker: an active one may not have taken it over yet. */
async function controlled(): Promise<void> {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) return;
  await new Promise((taken) => serviceWorker.addEventListener("controllerchange", taken, { once: true }));
}

/** Asks once more for each part, also for those still on their way when the worker took over. */
function handOverParts(): void {
  const handed = new Set<string>();
  const observer = new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      if (handed.has(name) || !new URL(name).pathname.startsWith("/assets/")) continue;
      handed.add(name);
      // What cannot be had now is asked for again at the next visit.
      fetch(name).catch(() => undefined);
    }
  });
  observer.observe({ type: "resource", buffered: true });
}
