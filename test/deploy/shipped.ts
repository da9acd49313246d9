import { readFileSync } from "node:fs";

export const root = new URL("../../", import.meta.url).pathname;

/** A file of the project, by its path from the root. */
export const shipped = (path: string): string => readFileSync(`${root}${path}`, "utf8");

/** `NAME=value` lines of an environment file; those that are commented out count if `optional`. */
export function environmentFile(path: string, optional = false): Record<string, string> {
  const lines = shipped(path).matchAll(optional ? /^#?([A-Z_]+)=(.*)$/gm : /^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

/** The lines below `key:` that are indented further than it, of its first occurrence in a YAML file. */
export function yamlBlock(text: string, key: string): string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.trimStart().split(" ")[0] === `${key}:`);
  if (start < 0) throw new Error(`there is no ${key}:`);
  const depth = indent(lines[start] ?? "");
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== "" && indent(line) <= depth);
  return end < 0 ? rest : rest.slice(0, end);
}

const indent = (line: string): number => line.length - line.trimStart().length;

/** The scalar `key: value` pairs among the lines of one block. */
export function yamlPairs(lines: readonly string[]): Record<string, string> {
  const pairs = lines.flatMap((line) => {
    const [, key, value] = /^\s*([\w-]+): (.+)$/.exec(line) ?? [];
    return key && value ? [[key, value.replace(/^"(.*)"$/, "$1")] as const] : [];
  });
  return Object.fromEntries(pairs);
}

/** All settings of a unit file, in order; a name may come more than once. */
export function unitSettings(path: string): [name: string, value: string][] {
  return [...shipped(path).matchAll(/^(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
}
