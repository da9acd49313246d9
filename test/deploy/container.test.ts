import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { environment, toConfig } from "../../server/config/config.ts";
import { parseCode, readSources } from "../check/source.ts";
import { startProcess } from "../services/process.ts";
import { makeScratch } from "../services/scratch.ts";
import { until } from "../services/until.ts";
import { environmentFile, root, shipped, yamlBlock, yamlPairs } from "./shipped.ts";

const compose = shipped("deploy/compose.yaml");
const containerfile = shipped("deploy/Containerfile");
const packages = JSON.parse(shipped("package.json"));
const node = yamlBlock(compose, "x-node");
const settings = yamlPairs(yamlBlock(node.join("\n"), "environment"));

/** Fills `${NAME}`, `${NAME:?sentence}` and `${NAME:-default}` as Compose does. */
const filled = (value: string, env: Record<string, string>): string =>
  value.replace(
    /\$\{(\w+)(?::(?:\?[^}]*|-([^}]*)))?\}/g,
    (_, name, otherwise) => env[name] || otherwise || "",
  );

describe("compose.yaml", () => {
  it("gives the nodes only settings that the server knows, with values that it takes", () => {
    expect(Object.keys(settings).filter((name) => !(name in environment.shape))).toEqual([]);
    const env = { ...environmentFile("deploy/example.env"), POSTGRES_PASSWORD: "secret" };
    const given = Object.entries(settings).map(([name, value]) => [name, filled(value, env)]);
    const config = toConfig(Object.fromEntries(given));
    expect(config).toMatchObject({
      databaseUrl: "postgres://yuanba:secret@postgres:5432/yuanba",
      publicUrl: "https://yuanba.example.cn",
      trustProxy: 1,
    });
  });

  it("holds no secret: what it needs is named in the example file, without a value", () => {
    const needed = new Set([...compose.matchAll(/\$\{(\w+)/g)].map(([, name = ""]) => name));
    const example = environmentFile("deploy/example.env");
    expect([...needed].filter((name) => !(name in example))).toEqual([]);
    expect(example.POSTGRES_PASSWORD).toBe("");
    const passwords = [...compose.matchAll(/PASSWORD: (.*)$|:\/\/\w+:([^@]+)@/gm)];
    expect(passwords.length).toBeGreaterThan(1);
    for (const [, set, inUrl] of passwords) expect(set ?? inUrl).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  });

  it("lets a node end by itself before it is killed, and PostgreSQL has room for all their connections", () => {
    const grace = Number.parseInt(yamlPairs(node).stop_grace_period ?? "", 10);
    expect(grace).toBeGreaterThan(Number(settings.SHUTDOWN_SECONDS));
    const nodes = compose.match(/<<: \*node/g)?.length ?? 0;
    const most = Number(/max_connections=(\d+)/.exec(compose)?.[1]);
    expect(nodes * Number(settings.DATABASE_CONNECTIONS)).toBeLessThan(most - 10);
  });

  it("names the nodes as nginx does, by addresses that stay", () => {
    const servers = [...shipped("deploy/nginx/nodes.conf").matchAll(/^server (\S+):(\d+) /gm)];
    expect(servers.length).toBe(2);
    for (const [, name = "", port] of servers) {
      const [, address] = /ipv4_address: ([\d.]+)/.exec(yamlBlock(compose, name).join("\n")) ?? [];
      expect(compose).toContain(`"${name}:${address}"`);
      expect(containerfile).toContain(`PORT=${port}`);
    }
  });

  it("asks a node and its image alike whether it is ready, and mounts files that exist", () => {
    expect(node.join("\n")).toContain("/readyz");
    expect(containerfile).toContain("/readyz");
    const mounted = [...compose.matchAll(/- \.\/(nginx\/\S+?):/g)].map(([, path = ""]) => path);
    expect(mounted).toEqual(["nginx/nginx.conf", "nginx/nodes.conf"]);
    for (const path of mounted) expect([path, existsSync(join(root, "deploy", path))]).toEqual([path, true]);
  });
});

describe("the image", () => {
  const command: string[] = JSON.parse(/\nCMD (.*)\n/.exec(containerfile)?.[1] ?? "[]");
  const copied = [...containerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = ""]) =>
    paths.split(" "),
  );

  it("is built on the Node that package.json pins", () => {
    const bases = [...containerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${packages.devDependencies.node}-slim`]));
  });

  it("copies only what exists, and the build's context holds all of it", () => {
    const ignore = shipped(".dockerignore");
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
      expect(ignore).toContain(`\n!${path}\n`);
    }
  });

  it("starts the program itself as the first process, as a user without rights", () => {
    expect(command).toEqual(["node", "--max-semi-space-size=8", "server/cli/index.ts", "serve"]);
    expect(existsSync(join(root, "server/cli/index.ts"))).toBe(true);
    expect(containerfile).toMatch(/\nCMD \[.*\]\n$/);
    // Before the user changes, only packages are installed and folders made.
    const [, asNode = ""] = containerfile.split("\nUSER node\n");
    expect(asNode.match(/^(USER|COPY|ADD) /gm)).toBeNull();
  });

  it("holds the compiled code of all that a start loads", async () => {
    const scratch = await makeScratch("image");
    const cache = join(scratch, "compiled");
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: cache,
      DATA_DIR: join(scratch, "data"),
      PORT: "0",
    };
    const [, fill = ""] = /\nUSER node\n(?:#.*\n)*RUN ((?:.*\\\n)*.*)\n/.exec(containerfile) ?? [];
    execFileSync("sh", ["-c", fill.replaceAll("/tmp/empty", join(scratch, "empty"))], { cwd: root, env });
    const compiled = () => readdirSync(cache, { recursive: true }).sort();
    const filled = compiled();
    expect(filled.length).toBeGreaterThan(300);
    const [, ...args] = command;
    const service = await startProcess(process.execPath, args, { cwd: root, env });
    await until("it serves", () => service.output().includes('"msg":"serving"'));
    await service.stop("SIGTERM");
    expect(compiled()).toEqual(filled);
    await rm(scratch, { recursive: true });
  });

  it("has everything the server imports: packages that are no development dependency, and no file left behind", () => {
    const code = parseCode(readSources(root).filter(({ path }) => /^(server|shared)\//.test(path)));
    const imports = code.flatMap(({ path, imports }) =>
      imports.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => ({ path, specifier })),
    );
    expect(imports.length).toBeGreaterThan(100);
    const lacking = imports.filter(({ path, specifier }) => {
      if (specifier.startsWith("node:")) return false;
      if (specifier.startsWith("."))
        return !/^(server|shared)\//.test(posix.join(posix.dirname(path), specifier));
      const name = specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
      return !(name in packages.dependencies);
    });
    expect(lacking).toEqual([]);
  });
});
