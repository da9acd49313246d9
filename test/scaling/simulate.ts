import { readFileSync, writeFileSync } from "node:fs";
import { report } from "./report.ts";

/** Prints what a city needs; `npm run test:scaling -- --write` puts it into docs/scaling.md. */
const page = new URL("../../docs/scaling.md", import.meta.url);
const begin = "<!-- npm run test:scaling: begin -->";
const end = "<!-- npm run test:scaling: end -->";

const made = report();
console.log(made);
if (process.argv.includes("--write")) {
  const text = readFileSync(page, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < 0) throw new Error("docs/scaling.md has lost its marks.");
  writeFileSync(page, `${text.slice(0, from)}${begin}\n${made}\n${text.slice(to)}`);
}
