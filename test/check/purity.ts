import type { ESTree } from "vite";
import type { CodeFile, Finding } from "./source.ts";

const IMPURE_MEMBERS = new Set(["Date.now", "Math.random"]);
const IMPURE_OBJECTS = new Set(["process", "performance", "crypto", "console", "globalThis", "localStorage"]);
const IMPURE_CALLS = new Set([
  "Date",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
]);

/** Shared code reads no clock, no chance and no world; time comes in as an argument. */
export function checkPurity(files: CodeFile[]): Finding[] {
  return files
    .filter((file) => file.path.startsWith("shared/"))
    .flatMap((file) => {
      const findings: Finding[] = [];
      const refuse = (node: { start: number }, what: string) => {
        findings.push({
          path: file.path,
          line: file.lineAt(node),
          message: `${what} in shared code: pass it in`,
        });
      };
      file.visit({
        MemberExpression(node) {
          const name = memberName(node);
          if (name && (IMPURE_MEMBERS.has(name) || IMPURE_OBJECTS.has(name.split(".")[0] ?? "")))
            refuse(node, name);
        },
        NewExpression(node) {
          if (isNamed(node.callee, "Date") && node.arguments.length === 0) refuse(node, "new Date()");
        },
        CallExpression({ callee }) {
          if (callee.type === "Identifier" && IMPURE_CALLS.has(callee.name))
            refuse(callee, `${callee.name}()`);
        },
      });
      return findings;
    });
}

/** The environment is read in one place, and only an entry point ends the process. */
export function checkProcessUse(files: CodeFile[]): Finding[] {
  return files
    .filter(({ path }) => /^(server|client)\//.test(path))
    .flatMap((file) => {
      const findings: Finding[] = [];
      const mayExit = file.path === "server/main.ts" || file.path.startsWith("server/cli/");
      const mayReadEnvironment = file.path.startsWith("server/config/");
      file.visit({
        MemberExpression(node) {
          const name = memberName(node);
          const line = file.lineAt(node);
          if (name === "process.env" && !mayReadEnvironment) {
            findings.push({
              path: file.path,
              line,
              message: "the environment is read in server/config/ only",
            });
          }
          if (name === "process.exit" && !mayExit) {
            findings.push({
              path: file.path,
              line,
              message: "only server/main.ts and server/cli/ end the process",
            });
          }
        },
      });
      return findings;
    });
}

function memberName(node: ESTree.MemberExpression): string | undefined {
  if (node.object.type !== "Identifier") return undefined;
  if (node.property.type === "Identifier" && !node.computed)
    return `${node.object.name}.${node.property.name}`;
  if (node.property.type === "Literal") return `${node.object.name}.${node.property.value}`;
  return undefined;
}

function isNamed(node: ESTree.Expression, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}
