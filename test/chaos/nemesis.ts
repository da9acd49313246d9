import { setTimeout as pause } from "node:timers/promises";
import { inflict, type Victims } from "./faults.ts";
import type { Findings } from "./findings.ts";
import type { Fleet } from "./fleet.ts";
import { type Fault, type Round, sayFault, takenBy } from "./schedule.ts";

/** Makes the faults of one round happen and heals each; settles when the last one is healed. @returns how many */
export async function playRound(
  round: Round,
  deps: { fleet: Fleet; victims: Victims; findings: Findings; say: (line: string) => void },
): Promise<number> {
  const { fleet, victims, findings, say } = deps;
  const began = performance.now();
  const held = new Set<string>();
  let played = 0;
  const play = async (fault: Fault) => {
    await pause(Math.max(0, fault.at - (performance.now() - began)));
    const taken = takenBy(fault, fleet.sites.length);
    // An earlier fault took longer than planned (a slow stop): two hands on one thing would prove nothing.
    if (taken.some((thing) => held.has(thing))) {
      say(`  passed over: ${sayFault(fault)}`);
      return;
    }
    for (const thing of taken) held.add(thing);
    say(`  ${sayFault(fault)}`);
    played++;
    try {
      const heal = await inflict(fault, fleet, victims);
      await pause(fault.lasts);
      await heal();
    } catch (error) {
      findings.add("harness", `${sayFault(fault)}: ${error instanceof Error ? error.stack : error}`);
    } finally {
      for (const thing of taken) held.delete(thing);
    }
  };
  await Promise.all([pause(round.lasts), ...round.faults.map(play)]);
  return played;
}
