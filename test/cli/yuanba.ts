import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { asStarted } from "../services/as-started.ts";
import { type Service, startProcess } from "../services/process.ts";
import { until } from "../services/until.ts";

const program = fileURLToPath(new URL("../../server/cli/index.ts", import.meta.url));
const start = fileURLToPath(new URL("../../server/main.ts", import.meta.url));

type Env = Record<string, string>;

/** The least a command needs; nothing of the machine's own settings reaches it. */
const environment = (env: Env): Env => ({
  PATH: process.env.PATH ?? "",
  LOG_LEVEL: "warn",
  ...asStarted,
  ...env,
});

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command to its end. */
export const yuanba = (args: string[], env: Env = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: environment(env), timeout: 60_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

export interface Running {
  service: Service;
  url: string;
  wsUrl: string;
}

/** A command that stays until it is stopped, once it has printed its address and what is waited for. */
async function running(args: string[], env: Env, last: RegExp): Promise<Running> {
  const service = await startProcess(process.execPath, args, { env: environment({ PORT: "0", ...env }) });
  await until(`it prints ${last}`, () => !service.isRunning() || last.test(service.output()));
  const [url] = /http:\/\/localhost:\d+/.exec(service.output()) ?? [];
  if (!service.isRunning() || !url) throw new Error(`It did not start:\n${service.output()}`);
  return { service, url, wsUrl: url.replace("http", "ws") };
}

export const startServer = (env: Env): Promise<Running> => running([start], env, /http:\/\/localhost:\d+\n/);

export const startDemo = (args: string[], env: Env = {}): Promise<Running> =>
  running([program, "demo", ...args], env, /Ctrl-C ends the demo/);

/** Posts JSON to the API as a browser of this page would. */
export const post = (url: string, path: string, body: unknown, headers: Env = {}): Promise<Response> =>
  fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

/** The session a response sets. */
export function tokenIn(response: Response): string {
  const [, token] = /yuanba_session=([^;]+)/.exec(response.headers.get("set-cookie") ?? "") ?? [];
  if (!token) throw new Error(`No session was given: ${response.status}`);
  return token;
}
