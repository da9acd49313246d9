/**
 * What this phone remembers of one round: the choice being made, the ballot on its way, and what it cast. The
 * server never tells how a household voted, so this is the only place it can be read.
 */
export interface ChoiceMemory {
  /** Marked on the paper, cast or not. */
  choice: string | null;
  /** Sent and not yet answered; a retry uses its id, so that it cannot count twice. */
  sending: { ballotId: string; optionId: string } | null;
  /** Cast from this phone, with the receipt it got. */
  cast: { optionId: string; receipt: string } | null;
}

export const emptyMemory: ChoiceMemory = { choice: null, sending: null, cast: null };

/** The ballot to send for a choice: the one on its way when it is the same choice, else a new one. */
export const ballotFor = (memory: ChoiceMemory, optionId: string, newId: () => string) =>
  memory.sending?.optionId === optionId ? memory.sending : { ballotId: newId(), optionId };

/** True when something is marked on the paper that was not cast. */
export const isUncast = ({ choice, cast }: ChoiceMemory): boolean =>
  choice !== null && choice !== cast?.optionId;

const keyOf = (proposalId: string, round: number): string => `yuanba.vote.${proposalId}.${round}`;

export function readMemory(proposalId: string, round: number): ChoiceMemory {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(proposalId, round)) ?? "null");
    return typeof kept === "object" && kept !== null ? { ...emptyMemory, ...kept } : emptyMemory;
  } catch {
    return emptyMemory;
  }
}

export function keepMemory(proposalId: string, round: number, memory: ChoiceMemory): void {
  try {
    localStorage.setItem(keyOf(proposalId, round), JSON.stringify(memory));
  } catch {
    // Storage is forbidden: the choice lasts as long as the page.
  }
}

/** Once the result is out, how this phone voted is nobody's business any more. */
export function forgetMemory(proposalId: string, round: number): void {
  try {
    localStorage.removeItem(keyOf(proposalId, round));
  } catch {
    // Nothing was kept where nothing can be kept.
  }
}
