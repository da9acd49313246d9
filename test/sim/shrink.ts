import type { Plan } from "./plan.ts";
import { simulate } from "./simulate.ts";
import type { Rule } from "./witness.ts";
import type { RunOptions } from "./world.ts";

/**
 * The shortest plan found that still breaks the same rule: leaves out ever smaller runs of steps, then devices, nodes
 * and boards, as long as it goes wrong without them.
 * @param most how many runs it may cost
 */
export async function shrink(plan: Plan, rule: Rule, most: number, options?: RunOptions): Promise<Plan> {
  let best = plan;
  let left = most;
  const stillFails = async (smaller: Plan): Promise<boolean> => {
    if (left-- <= 0) return false;
    if ((await simulate(smaller, options)).violation?.rule !== rule) return false;
    best = smaller;
    return true;
  };
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.steps.length; ) {
      const steps = [...best.steps.slice(0, at), ...best.steps.slice(at + size)];
      if (!(await stillFails({ ...best, steps }))) at += size;
    }
  }
  for (const key of ["devices", "boards", "nodes"] as const)
    while (best[key] > 1 && (await stillFails({ ...best, [key]: best[key] - 1 })));
  return best;
}
