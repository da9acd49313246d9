import { useEffect, useMemo, useRef, useState } from "react";
import type { QueryResult } from "../../shared/wire/contract.ts";
import type { ErrorCode } from "../../shared/wire/errors.ts";
import { useAppState, useWire } from "../state/app.tsx";

export type Resident = QueryResult<"residents.list">["residents"][number];

export interface Neighbours {
  /** By building, as far as they were asked for. */
  readonly residents: ReadonlyMap<string, readonly Resident[]>;
  readonly error: ErrorCode | null;
  readonly again: () => void;
}

/** Who asks for very many buildings has to wait now and then, milliseconds. */
const breath = 2_000;

/**
 * The residents of several buildings, asked for one building after the other, so that a large compound does not ask
 * for everything at once, and only what is not known as of `asOf`. They are kept while nobody wants them.
 */
export function useNeighbours(buildingIds: readonly string[], asOf: number, wanted: boolean): Neighbours {
  const { ask } = useWire();
  const online = useAppState(({ status }) => status === "online");
  const [residents, setResidents] = useState<Neighbours["residents"]>(new Map());
  const [error, setError] = useState<ErrorCode | null>(null);
  const [round, setRound] = useState(0);
  /** As of when each building is known. */
  const knownAsOf = useRef(new Map<string, number>());
  const key = JSON.stringify(buildingIds);
  useEffect(() => {
    // What happened while the line was down may not have been told.
    if (!online) knownAsOf.current.clear();
  }, [online]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: round says when to ask again
  useEffect(() => {
    if (!online || !wanted) return;
    let current = true;
    const readAll = async (): Promise<void> => {
      setError(null);
      const missing = (JSON.parse(key) as string[]).filter((id) => knownAsOf.current.get(id) !== asOf);
      for (let next = missing.shift(); next !== undefined; ) {
        const buildingId = next;
        const answer = await ask("residents.list", { buildingId });
        if (!current) return;
        if (answer.ok) {
          knownAsOf.current.set(buildingId, asOf);
          setResidents((known) => new Map(known).set(buildingId, answer.value.residents));
          next = missing.shift();
        } else if (answer.error.code === "rate-limited") {
          await new Promise((resolve) => setTimeout(resolve, breath));
          if (!current) return;
        } else return setError(answer.error.code);
      }
    };
    void readAll();
    return () => {
      current = false;
    };
  }, [ask, key, asOf, online, wanted, round]);
  return useMemo(() => ({ residents, error, again: () => setRound((last) => last + 1) }), [residents, error]);
}
