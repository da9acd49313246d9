import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { checkClientWithoutSchemas, checkDirections } from "./boundaries.ts";
import { checkErrorTexts, checkLocales } from "./locales.ts";
import { checkProcessUse, checkPurity } from "./purity.ts";
import { checkLeftovers, checkNames, checkSizes } from "./shape.ts";
import { type CodeFile, type Finding, parseCode, readSources } from "./source.ts";
import { checkSpec } from "./spec.ts";
import { checkCloseCodes, checkWireLiterals } from "./wire.ts";

/** `npm run check`: types, lint, format and the rules of this house, in seconds; run it before each commit. */
const root = join(import.meta.dirname, "../..");

interface Outcome {
  name: string;
  passed: boolean;
  seconds: number;
  details: string;
}

function runTool(name: string, program: string, args: string[]): Promise<Outcome> {
  const started = performance.now();
  const bin = join(root, "node_modules/.bin");
  const child = spawn(join(bin, program), args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let details = "";
  const keep = (chunk: Buffer) => {
    details += chunk.toString("utf8");
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve) => {
    const end = (passed: boolean) =>
      resolve({ name, passed, seconds: (performance.now() - started) / 1000, details });
    child.once("error", (error) => {
      details += error.message;
      end(false);
    });
    child.once("close", (code) => end(code === 0));
  });
}

async function errorCodes(): Promise<string[]> {
  const path = join(root, "shared/wire/errors.ts");
  if (!existsSync(path)) return [];
  const { errorStatus }: { errorStatus: Record<string, number> } = await import(path);
  return Object.keys(errorStatus);
}

async function runRules(): Promise<Outcome[]> {
  const files = readSources(root);
  let code: CodeFile[] = [];
  const parsing = judge("sources", () => {
    code = parseCode(files);
    return [];
  });
  const codes = await errorCodes();
  return [
    parsing,
    judge("sizes", () => checkSizes(files)),
    judge("names", () => checkNames(files)),
    judge("leftovers", () => checkLeftovers(code)),
    judge("directions", () => checkDirections(code)),
    judge("client without schemas", () => checkClientWithoutSchemas(code)),
    judge("shared is pure", () => checkPurity(code)),
    judge("process", () => checkProcessUse(code)),
    judge("wire literals", () => checkWireLiterals(code)),
    judge("close codes", () => checkCloseCodes(code)),
    judge("spec", () => checkSpec(files, code)),
    judge("locales", () => checkLocales(files)),
    judge("error texts", () => checkErrorTexts(files, codes)),
  ];
}

function judge(name: string, check: () => Finding[]): Outcome {
  const started = performance.now();
  let details: string;
  try {
    const findings = check();
    details = findings
      .map(({ path, line, message }) => `${path}${line ? `:${line}` : ""} ${message}\n`)
      .join("");
  } catch (error) {
    details = error instanceof Error ? error.message : String(error);
  }
  return { name, passed: details === "", seconds: (performance.now() - started) / 1000, details };
}

const outcomes = (
  await Promise.all([
    runTool("types", "tsc", ["--noEmit"]),
    runTool("lint and format", "biome", ["ci", "--colors=off", "--diagnostic-level=error", "."]),
    runRules(),
  ])
).flat();
for (const { name, passed, seconds, details } of outcomes) {
  console.log(`${passed ? "ok  " : "FAIL"} ${name} (${seconds.toFixed(1)} s)`);
  if (!passed) console.log(details.trimEnd().replaceAll(/^/gm, "     "));
}
if (outcomes.some(({ passed }) => !passed)) process.exitCode = 1;
