import type { ESTree } from "vite";
import type { CodeFile, Finding, SourceFile } from "./source.ts";

const SPEC_FILE = /^docs\/(SPEC\.md|spec\/[^/]+\.md)$/;
const DEFINITION = /^- \*\*([A-Z]{2,3}-\d+)\*\* /;
const NAMED_RULES = /\[((?:[A-Z]{2,3}-\d+)[^\]]*)\]/g;
const RULE_ID = /\b[A-Z]{2,3}-\d+\b/g;

/** Each rule of the specification is in the name of a test that runs, and no test names an unknown one. */
export function checkSpec(files: SourceFile[], code: CodeFile[]): Finding[] {
  const findings: Finding[] = [];
  const defined = new Map<string, { path: string; line: number }>();
  for (const { path, text } of files.filter((file) => SPEC_FILE.test(file.path))) {
    for (const [index, row] of text.split("\n").entries()) {
      const id = DEFINITION.exec(row)?.[1];
      if (!id) continue;
      const earlier = defined.get(id);
      if (earlier)
        findings.push({ path, line: index + 1, message: `${id} is also in ${earlier.path}:${earlier.line}` });
      else defined.set(id, { path, line: index + 1 });
    }
  }
  const proven = new Set<string>();
  for (const { path, line, ids, runs } of code.flatMap(namedRules)) {
    for (const id of ids) {
      if (!defined.has(id)) findings.push({ path, line, message: `a test names ${id}, which no rule has` });
      if (runs) proven.add(id);
    }
  }
  for (const [id, { path, line }] of defined) {
    if (!proven.has(id)) findings.push({ path, line, message: `no test is named after ${id}` });
  }
  return findings;
}

interface TestName {
  path: string;
  line: number;
  ids: string[];
  /** False for a test that is skipped or only planned. */
  runs: boolean;
}

function namedRules(file: CodeFile): TestName[] {
  if (!file.path.startsWith("test/")) return [];
  const names: TestName[] = [];
  file.visit({
    CallExpression(node) {
      const words = calleeWords(node.callee);
      if (!words[0] || !/^(test|it|describe|suite)$/.test(words[0])) return;
      const ids = [...textOf(node.arguments[0]).matchAll(NAMED_RULES)].flatMap(
        ([, list]) => list?.match(RULE_ID) ?? [],
      );
      if (ids.length === 0) return;
      const runs = !words.includes("skip") && !words.includes("todo");
      names.push({ path: file.path, line: file.lineAt(node), ids, runs });
    },
  });
  return names;
}

/** `test.each(rows)("…")` → test, each. */
function calleeWords(node: ESTree.Expression): string[] {
  if (node.type === "Identifier") return [node.name];
  if (node.type === "CallExpression") return calleeWords(node.callee);
  if (node.type === "TaggedTemplateExpression") return calleeWords(node.tag);
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return [];
  return [...calleeWords(node.object), node.property.name];
}

function textOf(node: ESTree.Argument | undefined): string {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type === "TemplateLiteral") return node.quasis.map((part) => part.value.cooked ?? "").join("…");
  if (node?.type === "BinaryExpression" && node.operator === "+") {
    return textOf(node.left) + textOf(node.right);
  }
  return "";
}
