import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { freePort } from "./ports.ts";
import { type Service, startProcess } from "./process.ts";
import { makeScratch } from "./scratch.ts";
import { until } from "./until.ts";

/** A real redis-server of one suite, on its own port, keeping nothing on disk. */
export interface Redis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it in order and removes its directory. */
  stop(): Promise<void>;
  /** Ends it at once, as a lost machine would; `revive()` brings an empty one back on the same port. */
  kill(): Promise<void>;
  revive(): Promise<void>;
  /** Connections stay open and nothing answers, as with a frozen machine. */
  pause(): void;
  resume(): void;
}

/** Starts a redis-server on a free port of 127.0.0.1 and waits until it answers. */
export async function startRedis(): Promise<Redis> {
  const directory = await makeScratch("redis");
  let port = await freePort();
  let service = await launch(port, directory);
  // The free port may have been taken in between.
  for (let attempt = 1; !service && attempt < 3; attempt++) {
    port = await freePort();
    service = await launch(port, directory);
  }
  if (!service) throw new Error("redis-server does not start");
  let current: Service = service;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return current.pid;
    },
    async stop() {
      await current.stop();
      await rm(directory, { recursive: true, force: true });
    },
    kill: () => current.stop("SIGKILL"),
    async revive() {
      if (current.isRunning()) return;
      const next = await launch(port, directory);
      if (!next) throw new Error(`redis-server does not come back on port ${port}`);
      current = next;
    },
    pause: () => current.signal("SIGSTOP"),
    resume: () => current.signal("SIGCONT"),
  };
}

async function launch(port: number, directory: string): Promise<Service | undefined> {
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", directory];
  const service = await startProcess("redis-server", [...args, "--save", "", "--appendonly", "no"], {
    scratch: directory,
  });
  const answers = await until(`redis-server answers on port ${port}`, async () => {
    return service.isRunning() ? await pings(port) : "ended";
  });
  return answers === "ended" ? undefined : service;
}

function pings(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once("data", (data) => answer(data.toString().startsWith("+PONG")));
    socket.once("error", () => answer(false));
    socket.once("close", () => answer(false));
  });
}
