#!/usr/bin/env node
import { readEnv } from "../config/env.ts";
import { type Command, type Env, sentenceOf, UsageError } from "./command.ts";

interface Entry {
  summary: string;
  load(): Promise<Command>;
}

/** Each command is read only when it is called: `--help` answers at once. */
const commands: Record<string, Entry> = {
  serve: {
    summary: "run the server",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  demo: {
    summary: "show a seeded courtyard, nothing to install",
    load: async () => (await import("./demo.ts")).demoCommand,
  },
  migrate: {
    summary: "bring the tables up to this version",
    load: async () => (await import("./migrate.ts")).migrateCommand,
  },
  import: {
    summary: "read households or items from CSV or XLSX",
    load: async () => (await import("./import.ts")).importCommand,
  },
  export: {
    summary: "write households or items as CSV or XLSX",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  invite: {
    summary: "print the code of a new slip for a household",
    load: async () => (await import("./invite.ts")).inviteCommand,
  },
  token: {
    summary: "print a session token for a tool",
    load: async () => (await import("./token.ts")).tokenCommand,
  },
  backup: {
    summary: "write everything into one file",
    load: async () => (await import("./backup.ts")).backupCommand,
  },
  restore: {
    summary: "put a backup into an empty DATA_DIR",
    load: async () => (await import("./restore.ts")).restoreCommand,
  },
  check: {
    summary: "look for damage in the data",
    load: async () => (await import("./check.ts")).checkCommand,
  },
};

const overview = (): string => {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ["yuanba <command>", "", ...rows, "", "yuanba <command> --help tells more about one."].join("\n");
};

async function run([name, ...args]: string[], env: Env): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(`${overview()}\n`);
    return 0;
  }
  const entry = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (!entry) {
    const sentence = name === undefined ? "A command is missing." : `There is no command "${name}".`;
    process.stderr.write(`${sentence}\n\n${overview()}\n`);
    return 2;
  }
  const command = await entry.load();
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(args, env);
  } catch (error) {
    const hint = error instanceof UsageError ? `\nSee: yuanba ${name} --help` : "";
    process.stderr.write(`${sentenceOf(error)}${hint}\n`);
    return 2;
  }
}

process.exit(await run(process.argv.slice(2), readEnv()));
