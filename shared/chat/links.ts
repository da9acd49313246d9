export type TextPart =
  | { kind: "text"; text: string }
  /** `host` is where the link really goes; show it, since the words of a link may mislead. */
  | { kind: "link"; text: string; href: string; host: string };

const scheme = /https?:\/\//gi;
/** A letter or digit before the scheme makes it the end of another word. */
const wordBefore = /[\p{L}\p{N}_]$/u;
const hanBefore = /\p{Script=Han}$/u;
/** RFC 3986: all that a URL may contain; anything else, Chinese punctuation too, ends it. */
const urlCharacters = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/;
const authority = /^[^/?#]*/;
const plainHost =
  /^(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?$/i;
const trailing = /[.,;:!?'"*_~]$/;
const closing: Record<string, string> = { ")": "(", "]": "[" };
/** What may follow a host directly: Chinese text and punctuation. Other letters there would be a look-alike. */
const chineseText = /^[\p{Script=Han}\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/u;
const lookAlike = /^[\p{L}\p{N}\p{M}\p{Cf}]/u;

/**
 * Splits a message into plain text and web links. Only what begins with http:// or https:// and names a plain
 * ASCII host becomes a link; the parts joined are the message again, letter by letter.
 */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { index } of text.matchAll(scheme)) {
    if (index < from) continue;
    const link = linkAt(text, index);
    if (!link) continue;
    if (index > from) parts.push({ kind: "text", text: text.slice(from, index) });
    parts.push(link);
    from = index + link.text.length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

function linkAt(text: string, index: number): Extract<TextPart, { kind: "link" }> | null {
  const before = text.slice(Math.max(0, index - 2), index);
  if (wordBefore.test(before) && !hanBefore.test(before)) return null;
  const run = urlCharacters.exec(text.slice(index))?.[0] ?? "";
  const start = run.indexOf("//") + 2;
  const place = authority.exec(run.slice(start))?.[0] ?? "";
  const rest = text.slice(index + run.length);
  const hostIsCutShort = start + place.length === run.length;
  if (hostIsCutShort && lookAlike.test(rest) && !chineseText.test(rest)) return null;
  const url = withoutTrailing(run);
  const host = authority.exec(url.slice(start))?.[0] ?? "";
  if (!plainHost.test(host) || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return { kind: "link", text: url, href: parsed.href, host: parsed.host };
}

/** Takes off what belongs to the sentence: its last mark, and a bracket that was opened outside the link. */
function withoutTrailing(run: string): string {
  let url = run;
  for (;;) {
    const last = url.at(-1) ?? "";
    const opening = closing[last];
    const unopened = opening !== undefined && count(url, last) > count(url, opening);
    if (!trailing.test(url) && !unopened) return url;
    url = url.slice(0, -1);
  }
}

const count = (text: string, character: string): number => text.split(character).length - 1;
