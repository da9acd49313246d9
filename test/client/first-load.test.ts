import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, test, vi } from "vitest";

/** UI-11: what a resident's phone fetches before it shows the board, compressed. */
const budget = 250_000;
/** The lazy pages a resident opens first; facilitator, officer and kiosk are not among them. */
const residentPages = /client\/(resident|board|votes|chat|home)\/\w+(Page|App)\.tsx$/;

describe("the first load", () => {
  let chunks: readonly Rolldown.OutputChunk[] = [];

  beforeAll(async () => {
    // Under vitest this says "test", and React's development build would be measured.
    vi.stubEnv("NODE_ENV", "production");
    const output = await build({ logLevel: "silent", build: { write: false } });
    vi.unstubAllEnvs();
    if (!("output" in output)) throw new Error("one build has one output");
    chunks = output.output.filter((file) => file.type === "chunk");
  }, 120_000);

  function closure(start: readonly Rolldown.OutputChunk[]): Set<Rolldown.OutputChunk> {
    const found = new Set<Rolldown.OutputChunk>();
    const visit = (chunk: Rolldown.OutputChunk | undefined) => {
      if (!chunk || found.has(chunk)) return;
      found.add(chunk);
      for (const name of chunk.imports) visit(chunks.find(({ fileName }) => fileName === name));
    };
    for (const chunk of start) visit(chunk);
    return found;
  }

  const firstPages = (): readonly Rolldown.OutputChunk[] =>
    chunks.filter(
      (chunk) => chunk.isEntry || (chunk.isDynamicEntry && residentPages.test(chunk.facadeModuleId ?? "")),
    );

  test("[UI-11] a resident's first load is at most 250 kB of compressed JavaScript", () => {
    const first = firstPages();
    const bytes = [...closure(first)].reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
    expect(first.some((chunk) => chunk.isEntry)).toBe(true);
    expect(bytes).toBeLessThanOrEqual(budget);
  });

  test("[UI-11] English and the workers' pages are not part of it", () => {
    const modules = [...closure(chunks.filter((chunk) => chunk.isEntry))].flatMap((chunk) => chunk.moduleIds);
    expect(modules.filter((id) => /client\/(locales\/en|office|facilitate|kiosk)\//.test(id))).toEqual([]);
  });

  test("[UI-11] the dictionary for pinyin is a part by itself, in no page a resident opens first", () => {
    const withDictionary = chunks.filter(({ moduleIds }) =>
      moduleIds.some((id) => id.includes("pinyin-pro")),
    );
    expect(withDictionary).toHaveLength(1);
    expect(closure(firstPages()).has(withDictionary[0] as Rolldown.OutputChunk)).toBe(false);
  });
});

test("[UI-12] the page brings no script or style of its own, so that the content policy can forbid them", () => {
  const html = readFileSync(new URL("../../client/index.html", import.meta.url), "utf8");
  expect(html.match(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/g)).toBeNull();
});
