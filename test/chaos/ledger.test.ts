import { describe, expect, it } from "vitest";
import { Findings } from "./findings.ts";
import { judgeRecovery, Ledger } from "./ledger.ts";

function written() {
  const findings = new Findings();
  const ledger = new Ledger(findings);
  const story = ledger.begin("h", "i");
  for (const title of ["a", "b", null, "c"]) ledger.step(story, title);
  const kinds = () => [...findings.counts.keys()];
  const recovered = (title: string | null, finished = false) => {
    const titles = new Map(title === null ? [] : [["h/i", title]]);
    judgeRecovery(ledger, titles, new Set(finished ? [story] : []), findings);
    return kinds();
  };
  return { ledger, story, findings, kinds, recovered };
}

describe("the ledger", () => {
  it("finds nothing wrong when what is there is at or after what was saved and seen", () => {
    const { ledger, story, recovered } = written();
    ledger.saved(story, 1);
    ledger.saw("reader", "h/i", "b", -1);
    expect(recovered("b")).toEqual([]);
    expect(recovered(null)).toEqual([]);
    expect(recovered("c", true)).toEqual([]);
  });

  it("finds a saved step that was lost", () => {
    const { ledger, story, recovered } = written();
    ledger.saved(story, 1);
    expect(recovered("a")).toEqual(["lost-saved"]);
  });

  it("finds a saved removal that did not stay", () => {
    const { ledger, story, recovered } = written();
    ledger.saved(story, 2);
    expect(recovered("b")).toEqual(["lost-saved"]);
  });

  it("finds a step that was seen and is gone", () => {
    const { ledger, recovered } = written();
    ledger.saw("reader", "h/i", "c", 1);
    expect(recovered(null)).toEqual(["lost-seen"]);
  });

  it("finds that a finished writer's last step is missing", () => {
    expect(written().recovered("b", true)).toEqual(["not-last"]);
  });

  it("finds what nobody wrote, what was forbidden, and a thing that goes back in time", () => {
    const { ledger, kinds, recovered } = written();
    ledger.saw("reader", "h/i", "z", -1);
    expect(kinds()).toEqual(["phantom"]);
    ledger.saw("reader", "h/i", "forbidden 1", -1);
    expect(kinds()).toEqual(["phantom", "forbidden"]);
    ledger.saw("reader", "h/i", "a", 1);
    expect(kinds()).toEqual(["phantom", "forbidden", "back-in-time"]);
    ledger.saw("reader", "h/i", null, 3);
    expect(recovered("forbidden 2")).toEqual(["phantom", "forbidden", "back-in-time"]);
  });

  it("takes a removal for the first one after what was seen before", () => {
    const { ledger, story, findings } = written();
    expect(ledger.saw("reader", "h/i", null, 1)).toBe(2);
    expect(ledger.saw("reader", "h/i", "c", 2)).toBe(3);
    expect(story.seen).toBe(3);
    expect(findings.none).toBe(true);
  });
});
