import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axe, browserForFile } from "./browser.ts";

const pages: Record<string, string> = {
  "/open": "<h1>院坝</h1><button>放上去</button>",
  "/barred": '<h1>院坝</h1><button></button><p style="color:#ccc;background:#fff">螺丝刀</p><input>',
};

let server: Server;
let baseURL: string;
const browser = browserForFile();

beforeAll(async () => {
  server = createServer((request, response) => {
    const body = pages[request.url ?? ""] ?? "";
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", "default-src 'self'; style-src 'unsafe-inline'");
    response.end(`<!doctype html><html lang="zh-CN"><title>院坝</title><main>${body}</main></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address && typeof address === "object") baseURL = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

test("axe names the barriers of a page under a strict content security policy, and none of an open one", async () => {
  const page = await browser.comeIn({ screen: "laptop", baseURL });
  await page.goto("/open");
  expect(await axe(page)).toEqual([]);
  await page.goto("/barred");
  const rules = (await axe(page)).map((barrier) => barrier.rule);
  expect(rules.toSorted()).toEqual(["button-name", "color-contrast", "label"]);
});

test("the screens have the sizes of phone, laptop and wall, and each person's language", async () => {
  for (const [screen, locale, size] of [
    ["phone", "zh-CN", "360×800"],
    ["laptop", "en", "1280×800"],
    ["wall", "zh-CN", "1920×1080"],
  ] as const) {
    const page = await browser.comeIn({ screen, locale, baseURL });
    await page.goto("/open");
    expect(
      await page.evaluate(() => `${window.screen.width}×${window.screen.height} ${navigator.language}`),
    ).toBe(`${size} ${locale}`);
  }
});
