import { createServer } from "node:net";
import { expect, test } from "vitest";
import { makeScratch } from "../services/scratch.ts";
import { yuanba } from "./yuanba.ts";

const names = "serve demo migrate import export invite token backup restore check".split(" ");

test("[CL-1] the overview names every command", async () => {
  const { code, stdout } = await yuanba(["--help"]);
  expect(code).toBe(0);
  expect(stdout.match(/^ {2}(\w+)/gm)?.map((name) => name.trim())).toEqual(names);
});

test.each(names)("[CL-1] %s tells its usage", async (name) => {
  const { code, stdout, stderr } = await yuanba([name, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^yuanba ${name}`));
});

test.each([
  [[], "A command is missing."],
  [["bake"], 'There is no command "bake".'],
  [["constructor"], 'There is no command "constructor".'],
  [["demo", "--larg"], "Unknown option '--larg'."],
  [["demo", "--port", "x"], '--port must be a whole number from 0 to 65535, not "x".'],
  [["demo", "--port"], "argument missing."],
  [["check", "twice"], '"twice" is one word too many.'],
  [["token", "--courtyard", "x"], "--household is missing."],
  [["token", "--courtyard", "x", "--role", "mayor"], '"mayor" is not a role'],
  [["invite", "--door", "3-2-501"], "--courtyard is missing."],
  [["import", "--courtyard", "x"], "--households or --items is missing."],
  [["import", "--courtyard", "x", "--items", "/nowhere.csv"], "There is no file /nowhere.csv."],
  [["export", "--courtyard", "x", "--items", "items.txt"], "items.txt must end in .csv or .xlsx."],
  [["backup"], "The file to write is missing."],
  [["restore", "/nowhere.sqlite"], "There is no file /nowhere.sqlite."],
])("[CL-1] %j is refused in a sentence", async (args, sentence) => {
  const dataDir = await makeScratch("arguments");
  const { code, stdout, stderr } = await yuanba(args, { DATA_DIR: dataDir });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain("    at ");
});

test("[CL-3] a port that is taken, a wrong setting and a folder that cannot be written are said by name", async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) =>
    taken.listen(0, "127.0.0.1", () => resolve((taken.address() as { port: number }).port)),
  );
  const dataDir = await makeScratch("taken");
  const sentence = `Port ${port} is taken by another program: choose another with PORT.\n`;
  for (const args of [["serve"], ["demo"]]) {
    expect(await yuanba(args, { PORT: String(port), DATA_DIR: dataDir })).toEqual({
      code: 2,
      stdout: "",
      stderr: sentence,
    });
  }
  taken.close();
  const wrong = await yuanba(["serve"], { PORT: "many", DATA_DIR: dataDir });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("PORT") });
  const nowhere = await yuanba(["serve"], { PORT: "0", DATA_DIR: "/dev/null/data" });
  expect(nowhere).toEqual({
    code: 2,
    stdout: "",
    stderr: "DATA_DIR /dev/null/data cannot be written.\n",
  });
});
