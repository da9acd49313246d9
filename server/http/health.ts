import { Router } from "express";
import type { Metrics } from "../observe/metrics.ts";

/** What `/readyz` asks before it says yes. */
export interface Readiness {
  /** A sentence for each thing that stops this node from serving. */
  problems(): Promise<string[]>;
  /** What works less well, while the node serves all the same. */
  degraded(): string[];
}

/** Whoever asks gives up sooner than the storage does, milliseconds. */
const patience = 2_000;

async function inTime(problems: Promise<string[]>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve(["The storage does not answer."]), patience);
  });
  return Promise.race([problems, late]).finally(() => clearTimeout(timer));
}

export function createHealth(readiness: Readiness, metrics: Metrics): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.json({ status: "alive" });
  });
  router.get("/readyz", async (_request, response) => {
    const problems = await inTime(readiness.problems());
    const degraded = readiness.degraded();
    const status = problems.length > 0 ? "not-ready" : degraded.length > 0 ? "degraded" : "ready";
    response.status(problems.length > 0 ? 503 : 200).json({ status, problems, degraded });
  });
  router.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
