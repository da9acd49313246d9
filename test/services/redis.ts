import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { Redis as Client } from "ioredis";
import type { Certificate } from "./certificate.ts";
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
  /** A connection of the test's own. */
  speak(): RedisLine;
}

export interface RedisLine {
  say(channel: string, bytes: Buffer): Promise<void>;
  /** Writes down what passes on a channel from now on. */
  hear(channel: string): Promise<Buffer[]>;
  /** How many channels anybody has subscribed. */
  channels(): Promise<number>;
  /** How many connections have subscribed how many of them, taken together. */
  subscriptions(): Promise<number>;
  close(): void;
}

/** Settings, as words, of a Redis that speaks TLS with this certificate and asks none of its clients. */
export const tlsSettings = ({ certificateFile, keyFile }: Certificate): string[] => [
  ...["--tls-cert-file", certificateFile, "--tls-key-file", keyFile],
  ...["--tls-ca-cert-file", certificateFile, "--tls-auth-clients", "no"],
];

/** Starts a redis-server on a free port of 127.0.0.1 and waits until it answers. @param more of its settings, as words */
export async function startRedis(more: readonly string[] = []): Promise<Redis> {
  const directory = await makeScratch("redis");
  let port = await freePort();
  let service = await launch(port, directory, more);
  // The free port may have been taken in between.
  for (let attempt = 1; !service && attempt < 3; attempt++) {
    port = await freePort();
    service = await launch(port, directory, more);
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
      const next = await launch(port, directory, more);
      if (!next) throw new Error(`redis-server does not come back on port ${port}`);
      current = next;
    },
    pause: () => current.signal("SIGSTOP"),
    resume: () => current.signal("SIGCONT"),
    speak: () => {
      const client = new Client(port, "127.0.0.1");
      client.on("error", () => {});
      const ears: Client[] = [];
      return {
        hear: async (channel) => {
          const passed: Buffer[] = [];
          const ear = client.duplicate();
          ears.push(ear);
          ear.on("error", () => {});
          ear.on("messageBuffer", (name: Buffer, bytes: Buffer) => {
            if (name.toString() === channel) passed.push(bytes);
          });
          await ear.subscribe(channel);
          return passed;
        },
        say: async (channel, bytes) => void (await client.publish(channel, bytes)),
        channels: async () => ((await client.pubsub("CHANNELS")) as unknown[]).length,
        subscriptions: async () => {
          const channels = (await client.pubsub("CHANNELS")) as string[];
          const counts = (await client.pubsub("NUMSUB", ...channels)) as (string | number)[];
          return counts.reduce<number>((sum, count, at) => (at % 2 === 0 ? sum : sum + Number(count)), 0);
        },
        close: () => {
          for (const each of [client, ...ears]) each.disconnect();
        },
      };
    },
  };
}

async function launch(
  port: number,
  directory: string,
  more: readonly string[],
): Promise<Service | undefined> {
  const place = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", directory];
  const args = [...place, "--save", "", "--appendonly", "no", ...more];
  const service = await startProcess("redis-server", args, { scratch: directory });
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
    socket.once("data", (data) => answer(/^(\+PONG|-NOAUTH)/.test(data.toString())));
    socket.once("error", () => answer(false));
    socket.once("close", () => answer(false));
  });
}
