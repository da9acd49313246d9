import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitLinks } from "../../shared/chat/links.ts";

const links = (text: string) =>
  splitLinks(text).flatMap((part) => (part.kind === "link" ? [[part.text, part.host]] : []));

describe("links in a message", () => {
  it.each([
    ["看 https://example.cn/a?b=1#c 这里", "https://example.cn/a?b=1#c", "example.cn"],
    ["地址:http://example.cn:8080/x", "http://example.cn:8080/x", "example.cn:8080"],
    ["（https://example.cn/a）", "https://example.cn/a", "example.cn"],
    ["在https://example.cn。", "https://example.cn", "example.cn"],
    ["看https://example.cn/a，还有", "https://example.cn/a", "example.cn"],
    ["https://example.cn这个院子", "https://example.cn", "example.cn"],
    ["见 https://example.cn/a.", "https://example.cn/a", "example.cn"],
    ["真的？https://example.cn/a?!", "https://example.cn/a", "example.cn"],
    ["(https://example.cn/a_(b))", "https://example.cn/a_(b)", "example.cn"],
    ["[https://example.cn/a]", "https://example.cn/a", "example.cn"],
    ["HTTPS://EXAMPLE.CN/A", "HTTPS://EXAMPLE.CN/A", "example.cn"],
    ["《https://example.cn/a》", "https://example.cn/a", "example.cn"],
    ['"https://example.cn/a"', "https://example.cn/a", "example.cn"],
    ["https://xn--80ak6aa92e.com", "https://xn--80ak6aa92e.com", "xn--80ak6aa92e.com"],
    ["https://example.cn\\@evil.example", "https://example.cn", "example.cn"],
    ["https://example.cn/\u202egpj.exe", "https://example.cn/", "example.cn"],
  ])("[CH-18] %s is a link that says where it goes", (text, link, host) => {
    expect(links(text)).toEqual([[link, host]]);
  });

  it.each([
    "javascript:alert(1)",
    "javascript://example.cn/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:https",
    "<a href=x onclick=alert(1)>https</a>",
    "www.example.cn",
    "ftp://example.cn",
    "https://",
    "https:///example.cn",
    "https://example.cn@evil.example/",
    "https://user:pass@evil.example",
    "https://аpple.com",
    "https://exаmple.cn/login",
    "https://example.cnｅvil",
    "https://exam\u200bple.cn",
    "https://exam\u0301ple.cn",
    "https://example.cn\u202e",
    "https://localhost/a",
    "https://-example.cn",
    "https://example..cn",
    "https://example%2ecn",
    "https://[::1]/a",
    "xhttps://example.cn",
    "https：//example.cn",
    "ｈｔｔｐｓ://example.cn",
  ])("[CH-18] %s stays text", (text) => {
    expect(links(text)).toEqual([]);
  });

  it("[CH-18] two links in one sentence are two, and nothing between them is lost", () => {
    expect(splitLinks("先 http://a.cn，再 https://b.cn/x。完")).toEqual([
      { kind: "text", text: "先 " },
      { kind: "link", text: "http://a.cn", href: "http://a.cn/", host: "a.cn" },
      { kind: "text", text: "，再 " },
      { kind: "link", text: "https://b.cn/x", href: "https://b.cn/x", host: "b.cn" },
      { kind: "text", text: "。完" },
    ]);
  });

  it("[CH-18] whatever is written, the parts are the message again and links go to the web only", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "https://",
        "http://",
        "a.cn",
        "/",
        "@",
        "。",
        "）",
        "(",
        ")",
        "javascript:",
        "\u200b",
        "а",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join("");
        const parts = splitLinks(text);
        expect(parts.map((part) => part.text).join("")).toBe(text);
        for (const part of parts) {
          if (part.kind !== "link") continue;
          const url = new URL(part.href);
          expect(["http:", "https:"]).toContain(url.protocol);
          expect(url.username + url.password).toBe("");
          expect(url.host).toBe(part.host);
          expect(part.text.toLowerCase()).toContain(part.host.replace(/:\d+$/, ""));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("[CH-18] a thousand opened brackets take no longer than they should", () => {
    const text = `https://a.cn/${"(".repeat(480)}${")".repeat(500)}`;
    expect(splitLinks(text)).toHaveLength(2);
  });
});
