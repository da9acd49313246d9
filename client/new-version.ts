const storageKey = "yuanba.reloaded-for";

/**
 * A page that stayed open over an update asks for parts that are no longer served: open it anew.
 * Once for each missing part; a part that is missing after that is an error to be seen, not a loop.
 */
export function reloadForNewVersion(): void {
  window.addEventListener("vite:preloadError", (event) => {
    // Offline nothing can be fetched anew, and a reload would lose what is on the screen.
    if (!navigator.onLine) return;
    const missing = event.payload.message;
    try {
      if (sessionStorage.getItem(storageKey) === missing) return;
      sessionStorage.setItem(storageKey, missing);
    } catch {
      return;
    }
    event.preventDefault();
    location.reload();
  });
}
