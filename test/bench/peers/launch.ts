import { join } from "node:path";
import { type Service, startProcess } from "../../services/process.ts";
import { until } from "../../services/until.ts";
import { pin, SERVER_CORE } from "../pin.ts";

export interface Launched extends Service {
  port: number;
}

/** Starts one of the programs of this folder, which prints `ready <port>` when it listens, on the servers' core. */
export async function launch(program: string, env: Record<string, string>): Promise<Launched> {
  const service = await startProcess(process.execPath, [join(import.meta.dirname, program)], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
  });
  pin(service.pid, SERVER_CORE);
  const port = await until(
    `${program} is ready`,
    () => {
      if (!service.isRunning()) throw new Error(`it has ended: ${service.output()}`);
      return Number(/ready (\d+)/.exec(service.output())?.[1]);
    },
    60_000,
  );
  // Threads that were started before are taken along.
  pin(service.pid, SERVER_CORE);
  return { ...service, port };
}
