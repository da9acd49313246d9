import { type Assumptions, planCity } from "./city.ts";
import { type Costs, type Machines, machines as usual } from "./costs.ts";
import { type Limit, limitsOf, settingOf } from "./limits.ts";

const mostNodes = 200;

export interface Needs {
  /** Nodes of which one may be lost; null when no number of them is enough. */
  nodes: number | null;
  limits: Limit[];
  /** What is fullest at that number of nodes. */
  first: Limit;
}

export const seed = 2_026;

/** The fewest nodes with which every limit that depends on nodes holds while one of them is lost. */
export function needsOf(assumptions: Assumptions, costs: Costs, machines: Machines = usual): Needs {
  const setting = settingOf(planCity(seed, assumptions), assumptions, costs, machines);
  for (let nodes = 2; nodes <= mostNodes; nodes++) {
    const limits = limitsOf(setting, nodes);
    const [first] = limits;
    if (first && limits.every(({ ofNodes, utilisation }) => !ofNodes || utilisation <= 1)) {
      return { nodes, limits, first };
    }
  }
  const limits = limitsOf(setting, mostNodes);
  const [first = { name: "", utilisation: 0, ofNodes: false }] = limits;
  return { nodes: null, limits, first };
}
