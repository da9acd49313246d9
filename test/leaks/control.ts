import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Service, startProcess } from "../services/process.ts";
import { until } from "../services/until.ts";

/** What a process holds, in bytes and pieces, after its garbage is gone. */
export interface Holdings {
  rss: number;
  heap: number;
  /** Memory outside of the heap: buffers. */
  buffers: number;
  /** Sockets, timers and the like that keep the process alive, by kind. */
  handles: Record<string, number>;
}

export type Answers = Record<string, (argument: number) => unknown>;

/** In the process that is measured: answers questions of the test over HTTP, and says where. */
export async function answerQuestions(answers: Answers): Promise<void> {
  const control = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    const answer = ({ ...answers, holdings: () => holdings() } as Answers)[pathname.slice(1)];
    try {
      const value = await answer?.(Number(searchParams.get("n")));
      response.end(JSON.stringify(value ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  control.keepAliveTimeout = 1;
  control.listen(0, "127.0.0.1");
  await once(control, "listening");
  console.log(`control ${(control.address() as AddressInfo).port}`);
}

/** What this process holds. It must have been started with `--expose-gc`. */
export async function holdings(): Promise<Holdings> {
  const { gc } = globalThis;
  if (!gc) throw new Error("start it with --expose-gc");
  // What is freed by one collection may be what another one waits for.
  for (let round = 0; round < 4; round++) {
    gc();
    await pause(20);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  return { rss, heap: heapUsed, buffers: external, handles };
}

export interface Measured {
  service: Service;
  ask<T>(question: string, n?: number): Promise<T>;
  holdings(): Promise<Holdings>;
}

/** A small nursery, so that what lives long is told from what has only just been thrown away. */
const flags = ["--expose-gc", "--max-semi-space-size=2"];

/** In the test: starts a program of this folder whose memory is measured. */
export async function startMeasured(program: string, env: Record<string, string> = {}): Promise<Measured> {
  const path = new URL(program, import.meta.url).pathname;
  const service = await startProcess(process.execPath, [...flags, path], {
    env: { PATH: process.env.PATH, ...env },
  });
  const port = await until("the process answers", () => {
    if (!service.isRunning()) throw new Error(service.output());
    return /^control (\d+)$/m.exec(service.output())?.[1];
  });
  const ask = async <T>(question: string, n = 0): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}/${question}?n=${n}`);
    if (!answer.ok) throw new Error(`${question}: ${await answer.text()}\n${service.output()}`);
    return (await answer.json()) as T;
  };
  return { service, ask, holdings: () => ask<Holdings>("holdings") };
}

export const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
