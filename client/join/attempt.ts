import { nanoid } from "nanoid";

/**
 * The secret of one attempt to join with a code. Kept while the tab lives, so that someone whose answer was lost
 * and who loads the page again does not become two people.
 */
export function attemptFor(code: string): string {
  const key = `yuanba.attempt.${code}`;
  const fresh = nanoid(24);
  try {
    const kept = sessionStorage.getItem(key);
    if (kept) return kept;
    sessionStorage.setItem(key, fresh);
  } catch {
    // Storage is forbidden: the attempt lasts as long as the page.
  }
  return fresh;
}
