import type { ProposalKind, Tally, Weight } from "./model.ts";
import { abstainOption } from "./rules.ts";

export interface RegisterEntry {
  householdId: string;
  /** 0.01 m². */
  area: number;
}

export interface StoredBallot {
  householdId: string;
  optionId: string;
  supersededAt: number | null;
}

/**
 * Counts a round: the one function behind phone, wall, minutes and export (INV-9). Integers only.
 * Superseded ballots and those of households that are not on the register do not count.
 * @throws when a household has two ballots that count or chose what is not on the paper: storage forbids both,
 * so a count would be a lie
 */
export function tally(
  options: readonly { id: string }[],
  register: readonly RegisterEntry[],
  ballots: readonly StoredBallot[],
): Tally {
  const areas = new Map(register.map(({ householdId, area }) => [householdId, area]));
  const counts = new Map<string, Weight>(options.map(({ id }) => [id, { households: 0, area: 0 }]));
  const voted: Weight = { households: 0, area: 0 };
  const seen = new Set<string>();
  for (const { householdId, optionId, supersededAt } of ballots) {
    const area = areas.get(householdId);
    if (supersededAt !== null || area === undefined) continue;
    const count = counts.get(optionId);
    if (!count || seen.has(householdId)) throw new Error("A ballot that cannot be counted is in the box.");
    seen.add(householdId);
    add(count, area);
    add(voted, area);
  }
  const all: Weight = { households: 0, area: 0 };
  for (const { area } of register) add(all, area);
  return {
    options: options.map(({ id }) => ({ optionId: id, ...(counts.get(id) ?? { households: 0, area: 0 }) })),
    voted,
    register: all,
  };
}

function add(weight: Weight, area: number): void {
  weight.households += 1;
  weight.area += area;
}

/** What the count says, for one sentence in every language. */
export type Outcome =
  | { kind: "passed" | "not-passed"; yes: number; no: number }
  | { kind: "chosen"; optionId: string; households: number }
  /** Nobody is ahead: the yard talks on. There is no silent winner. */
  | { kind: "tie"; optionIds: string[]; households: number }
  /** Nobody voted, or all abstained. */
  | { kind: "nobody-chose" };

/** The outcome of the simple rule: more households for than against, or the option with most households. */
export function outcomeOf(kind: ProposalKind, result: Tally): Outcome {
  const choices = result.options.filter(({ optionId }) => optionId !== abstainOption);
  const most = Math.max(0, ...choices.map(({ households }) => households));
  if (most === 0) return { kind: "nobody-chose" };
  const leading = choices.filter(({ households }) => households === most);
  const [first, second] = leading;
  if (!first || second) {
    return { kind: "tie", optionIds: leading.map(({ optionId }) => optionId), households: most };
  }
  if (kind === "options") return { kind: "chosen", optionId: first.optionId, households: most };
  const of = (id: string) => choices.find(({ optionId }) => optionId === id)?.households ?? 0;
  return { kind: of("yes") > of("no") ? "passed" : "not-passed", yes: of("yes"), no: of("no") };
}

/** Households that made a choice: what the shares of a result are taken of. */
export const chosenBy = (result: Tally): number =>
  result.options.reduce(
    (sum, { optionId, households }) => (optionId === abstainOption ? sum : sum + households),
    0,
  );
