import { Router } from "express";
import type { Metrics } from "../observe/metrics.ts";

/** What `/readyz` asks before it says yes. */
export interface Readiness {
  /** Whether this node takes anybody in: not while it starts or stops. */
  accepting(): boolean;
  /** Proves with a write that a commit is possible now. @throws when it is not */
  probe(): Promise<void>;
  /** What works less well, while the node serves all the same. */
  degraded(): string[];
}

/** Milliseconds. */
export const healthTimes = {
  /** An answer of the storage is good for everybody who asks within this: anybody may ask, and each write is synced. */
  probeEvery: 1_000,
  /** Whoever asks gives up sooner than the storage does. Who comes later has the storage asked anew. */
  patience: 2_000,
};

export function createHealth(readiness: Readiness, metrics: Metrics): Router {
  const router = Router();
  const storageProblems = shared(() => inTime(readiness.probe()));
  router.get("/healthz", (_request, response) => {
    response.json({ status: "alive" });
  });
  router.get("/readyz", async (_request, response) => {
    const problems = readiness.accepting() ? await storageProblems() : ["This node is starting or stopping."];
    const degraded = readiness.degraded();
    const status = problems.length > 0 ? "not-ready" : degraded.length > 0 ? "degraded" : "ready";
    response.status(problems.length > 0 ? 503 : 200).json({ status, problems, degraded });
  });
  router.get("/metrics", async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}

/** Asks at most once in `probeEvery`; everybody else has the same answer, or waits for it. */
function shared(ask: () => Promise<string[]>): () => Promise<string[]> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<string[]> = Promise.resolve([]);
  let waiting = false;
  return () => {
    const now = performance.now();
    if (waiting || now - askedAt < healthTimes.probeEvery) return answer;
    askedAt = now;
    waiting = true;
    answer = ask().finally(() => {
      waiting = false;
    });
    return answer;
  };
}

/** A sentence for each thing that stops this node from serving. */
async function inTime(probe: Promise<void>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve(["The storage does not answer."]), healthTimes.patience);
  });
  const answer = probe.then(
    () => [],
    (error: unknown) => [error instanceof Error ? error.message : "The storage cannot write."],
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
