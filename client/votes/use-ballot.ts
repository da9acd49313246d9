import { nanoid } from "nanoid";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ErrorCode } from "../../shared/wire/errors.ts";
import { useAppState, useWire } from "../state/app.tsx";
import { ballotFor, type ChoiceMemory, forgetMemory, keepMemory, readMemory } from "./choice-memory.ts";

export interface BallotPaperState extends ChoiceMemory {
  busy: boolean;
  /** Why the last try was not taken. */
  refused: ErrorCode | null;
  choose(optionId: string): void;
  submit(): void;
}

/**
 * The paper in this phone's hand. It belongs to the person: nothing that arrives from the net writes to it
 * (INV-7). A ballot whose answer was lost is sent again with the line; its id keeps it from counting twice.
 * Mount it anew for another round.
 */
export function useBallot(proposalId: string, round: number, isRevealed: boolean): BallotPaperState {
  const wire = useWire();
  const online = useAppState(({ status }) => status === "online");
  const [memory, setMemory] = useState(() => readMemory(proposalId, round));
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ErrorCode | null>(null);

  useEffect(() => {
    if (isRevealed) forgetMemory(proposalId, round);
  }, [isRevealed, proposalId, round]);

  const remember = useCallback(
    (change: Partial<ChoiceMemory>) =>
      setMemory((known) => {
        const next = { ...known, ...change };
        keepMemory(proposalId, round, next);
        return next;
      }),
    [proposalId, round],
  );

  const send = useCallback(
    async (ballot: { ballotId: string; optionId: string }): Promise<void> => {
      setBusy(true);
      setRefused(null);
      remember({ sending: ballot });
      const answer = await wire.send("ballot.cast", { ...ballot, proposalId, round });
      setBusy(false);
      if (answer.ok) {
        remember({ sending: null, cast: { optionId: ballot.optionId, receipt: answer.value.receipt } });
        return;
      }
      setRefused(answer.error.code);
      // Without an answer it may be in the box already: the id is kept for the next try.
      if (answer.error.code !== "unreachable") remember({ sending: null });
    },
    [wire, proposalId, round, remember],
  );

  const unanswered = useRef(memory.sending);
  unanswered.current = busy ? null : memory.sending;
  useEffect(() => {
    if (online && unanswered.current) void send(unanswered.current);
  }, [online, send]);

  return {
    ...memory,
    busy,
    refused,
    choose: (optionId) => {
      setRefused(null);
      remember({ choice: optionId });
    },
    submit: () => {
      if (memory.choice !== null && !busy) void send(ballotFor(memory, memory.choice, nanoid));
    },
  };
}
