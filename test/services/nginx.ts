import { readFileSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { makeCertificate } from "./certificate.ts";
import { nginxProgram } from "./find.ts";
import { startProcess } from "./process.ts";
import { makeScratch } from "./scratch.ts";
import { until } from "./until.ts";

const shipped = new URL("../../deploy/nginx/", import.meta.url);

export interface NginxOptions {
  /** Ports of 127.0.0.1 for TLS and for the redirect to it. */
  httpsPort: number;
  httpPort: number;
  /** The nodes behind it, "127.0.0.1:40001". */
  nodes: readonly string[];
  /** Further directives of `http { }`. */
  more?: string;
}

/** nginx with the configuration of deploy/nginx, of which only addresses and paths are replaced. */
export interface Nginx {
  /** PEM of its certificate. */
  certificate: string;
  /** What it has logged of requests. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts it and waits until it takes connections. @throws when it does not start, with what it said */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const directory = await makeScratch("nginx");
  // The workers of a master that is root are not.
  await chmod(directory, 0o755);
  await mkdir(join(directory, "temporary"));
  const { certificateFile, keyFile, pem } = makeCertificate(directory);
  const configuration = replaced(readFileSync(new URL("nginx.conf", shipped), "utf8"), [
    ["listen 80 ", `listen 127.0.0.1:${options.httpPort} `],
    ["listen 443 ", `listen 127.0.0.1:${options.httpsPort} `],
    ["/etc/nginx/tls/fullchain.pem", certificateFile],
    ["/etc/nginx/tls/privkey.pem", keyFile],
    ["/run/nginx.pid", join(directory, "nginx.pid")],
    ["/var/log/nginx/error.log", "stderr"],
    ["/var/log/nginx/access.log", join(directory, "access.log")],
    ["/var/www/acme", join(directory, "acme")],
    // Built-in paths, which only root may write to.
    ["http {\n", `http {\n${temporaryPaths(directory)}${options.more ?? ""}`],
  ]);
  await writeFile(join(directory, "nginx.conf"), configuration);
  await writeFile(join(directory, "nodes.conf"), withNodes(options.nodes));
  const service = await startProcess(
    nginxProgram(),
    ["-c", join(directory, "nginx.conf"), "-e", "stderr", "-g", "daemon off;"],
    // Its workers end with it only if it is asked to.
    { scratch: directory, lastSignal: "SIGTERM" },
  );
  await until("nginx takes connections", () => !service.isRunning() || isOpen(options.httpsPort));
  if (!service.isRunning()) throw new Error(`nginx does not start:\n${service.output()}`);
  return {
    certificate: pem,
    log: () => readFileSync(join(directory, "access.log"), "utf8"),
    async stop() {
      await service.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Each text must be there exactly once, or something else than the shipped file would be tested. */
function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    const parts = changed.split(from);
    if (parts.length !== 2) throw new Error(`"${from}" is ${parts.length - 1} times in nginx.conf`);
    return parts.join(to);
  }, text);
}

function withNodes(nodes: readonly string[]): string {
  const text = readFileSync(new URL("nodes.conf", shipped), "utf8");
  const servers = [...text.matchAll(/^server (\S+) (.+)$/gm)];
  if (servers.length !== nodes.length) throw new Error(`nodes.conf names ${servers.length} nodes`);
  return replaced(
    text,
    servers.map(([, address = "", rest], index) => [
      `server ${address} ${rest}`,
      `server ${nodes[index]} ${rest}`,
    ]),
  );
}

function temporaryPaths(directory: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return kinds.map((kind) => `${kind}_temp_path ${join(directory, "temporary", kind)};\n`).join("");
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
