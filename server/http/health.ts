import { Router } from "express";
import type { Metrics } from "../observe/metrics.ts";

/** What `/readyz` asks before it says yes. */
export interface Readiness {
  /** A sentence for each thing that stops this node from serving. */
  problems(): Promise<string[]>;
  /** What works less well, while the node serves all the same. */
  degraded(): string[];
}

export function createHealth(readiness: Readiness, metrics: Metrics): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.json({ status: "alive" });
  });
  router.get("/readyz", async (_request, response) => {
    const problems = await readiness.problems();
    const degraded = readiness.degraded();
    const status = problems.length > 0 ? "not-ready" : degraded.length > 0 ? "degraded" : "ready";
    response.status(problems.length > 0 ? 503 : 200).json({ status, problems, degraded });
  });
  router.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
