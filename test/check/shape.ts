import type { CodeFile, Finding, SourceFile } from "./source.ts";

const MOST_LINES = 400;
const COUNTED = /^(server|client|shared|test)\/.*\.(ts|tsx|mts|js|css)$/;
/** Lists that are read by key and not from top to bottom. */
const UNCOUNTED = /(^|\/)migrations\/|^client\/locales\/|^server\/demo\/words\//;

/** A file is something one can read at a sitting. */
export function checkSizes(files: SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => COUNTED.test(path) && !UNCOUNTED.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ path, lines }) => ({ path, message: `has ${lines} lines; split it (at most ${MOST_LINES})` }));
}

const FORBIDDEN_NAME = /(?:^|\/)(utils?|helpers?|common|misc)(?=\/|\.[^/]*$|$)/i;

/** A name says what a thing does. */
export function checkNames(files: SourceFile[]): Finding[] {
  return files.flatMap(({ path }) => {
    const name = FORBIDDEN_NAME.exec(path)?.[1];
    return name ? [{ path, message: `"${name}" says nothing: name it after what it does` }] : [];
  });
}

const UNFINISHED = /\b(FIXME|HACK|XXX)\b/;

/** Nothing unfinished is left behind, and no test keeps the others from running. */
export function checkLeftovers(files: CodeFile[]): Finding[] {
  return files.flatMap((file) => {
    const findings: Finding[] = [];
    for (const comment of file.comments) {
      const mark = UNFINISHED.exec(comment.text)?.[1];
      if (mark) findings.push({ path: file.path, line: comment.line, message: `${mark} left in a comment` });
    }
    file.visit({
      MemberExpression(node) {
        if (node.property.type !== "Identifier" || node.property.name !== "only") return;
        if (node.object.type !== "Identifier" || !/^(test|it|describe)$/.test(node.object.name)) return;
        findings.push({
          path: file.path,
          line: file.lineAt(node),
          message: "keeps all other tests from running",
        });
      },
    });
    return findings;
  });
}
