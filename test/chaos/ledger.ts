import type { Findings } from "./findings.ts";

/** Titles that only the intruder writes; nobody may ever see one. */
export const forbiddenMark = "forbidden";

/** A thing that all phones of a household write at once: it has no one story, but all copies and rows must agree on it. */
export const sharedItem = "shared";

/** What one writer did to one thing, in order. A thing has one writer for life, so its story only goes forward. */
export interface ItemStory {
  readonly key: string;
  readonly itemId: string;
  readonly householdId: string;
  /** The title after each step; null: taken away. Titles are never used twice. */
  readonly steps: (string | null)[];
  /** The last step that the server has called saved, and the last that anyone has seen; -1: none. */
  saved: number;
  seen: number;
  /** Who saw it last, for the finding. */
  seenBy: string;
}

/** All stories of a run, and what was said and seen of them. */
export class Ledger {
  readonly stories = new Map<string, ItemStory>();
  readonly totals = { steps: 0, saved: 0, sightings: 0 };
  readonly #stepOf = new Map<string, { story: ItemStory; step: number }>();
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  begin(householdId: string, itemId: string): ItemStory {
    const key = `${householdId}/${itemId}`;
    const story = { key, itemId, householdId, steps: [], saved: -1, seen: -1, seenBy: "" };
    this.stories.set(key, story);
    return story;
  }

  /** A step is noted before it is sent, so that nobody can see it first. @returns its number */
  step(story: ItemStory, title: string | null): number {
    const step = story.steps.push(title) - 1;
    if (title !== null) this.#stepOf.set(title, { story, step });
    this.totals.steps++;
    return step;
  }

  saved(story: ItemStory, step: number): void {
    this.totals.saved++;
    story.saved = Math.max(story.saved, step);
  }

  /**
   * Somebody sees a thing as it stands.
   * @param before the step this reader saw last in this document, -1 for none
   * @returns the step that is seen now
   */
  saw(reader: string, key: string, title: string | null | undefined, before: number): number {
    this.totals.sightings++;
    const story = this.stories.get(key);
    if (typeof title === "string" && title.startsWith(forbiddenMark)) {
      this.#findings.add("forbidden", `${reader} sees "${title}" in ${key}`);
      return before;
    }
    if (key.endsWith(`/${sharedItem}`)) return 0;
    const step = story ? this.stepShown(story, title, before) : null;
    if (!story || step === null) {
      const shown = title === null ? "nothing" : `"${title}"`;
      this.#findings.add(
        "phantom",
        `${reader} sees ${shown} at ${key} after step ${before}; nobody did that`,
      );
      return before;
    }
    if (step < before)
      this.#findings.add("back-in-time", `${reader} sees ${key} go back from step ${before} to ${step}`);
    if (step > story.seen) Object.assign(story, { seen: step, seenBy: reader });
    return step;
  }

  /** The earliest step after which a thing stands like this, not before `from` when it is gone; null: none. */
  stepShown(story: ItemStory, title: string | null | undefined, from: number): number | null {
    if (typeof title === "string") {
      const found = this.#stepOf.get(title);
      return found?.story === story ? found.step : null;
    }
    if (title === undefined) return null;
    const step = story.steps.findIndex((value, at) => value === null && at >= from);
    return step === -1 ? null : step;
  }

  /** The latest step after which a thing can stand like this; -1: it was never there. */
  lastStepShown(story: ItemStory, title: string | null): number | null {
    if (title !== null) return this.stepShown(story, title, 0);
    const step = story.steps.lastIndexOf(null);
    return step;
  }
}

/**
 * Compares what was recovered with what was said and seen.
 * @param titles key → title of everything on the recovered board
 * @param finished stories whose writer lived to send everything: their last step must be there
 */
export function judgeRecovery(
  ledger: Ledger,
  titles: ReadonlyMap<string, string>,
  finished: ReadonlySet<ItemStory>,
  findings: Findings,
): void {
  for (const [key, title] of titles) {
    if (title.startsWith(forbiddenMark)) findings.add("forbidden", `the database holds "${title}" in ${key}`);
    else if (!ledger.stories.has(key) && !key.endsWith(`/${sharedItem}`))
      findings.add("phantom", `the database holds "${title}" at ${key}`);
  }
  for (const story of ledger.stories.values()) {
    const title = titles.get(story.key) ?? null;
    const step = ledger.lastStepShown(story, title);
    const stands = `${story.key} stands at step ${step} (${title ?? "gone"}) of ${story.steps.length}`;
    if (step === null) findings.add("phantom", `the database holds "${title}" at ${story.key}`);
    else {
      if (step < story.saved) findings.add("lost-saved", `${stands}; step ${story.saved} was told saved`);
      if (step < story.seen)
        findings.add("lost-seen", `${stands}; step ${story.seen} was seen by ${story.seenBy}`);
      if (finished.has(story) && title !== (story.steps.at(-1) ?? null))
        findings.add("not-last", `${stands}; its writer was connected and had sent all`);
    }
  }
}
