import { useEffect, useState } from "react";
import type { QueryResult } from "../../shared/wire/contract.ts";
import type { ErrorCode } from "../../shared/wire/errors.ts";
import { useAppState, useWire } from "../state/app.tsx";

export type Resident = QueryResult<"residents.list">["residents"][number];

interface Neighbours {
  /** By building, as far as they were asked for. */
  readonly residents: ReadonlyMap<string, readonly Resident[]>;
  readonly error: ErrorCode | null;
  readonly again: () => void;
}

/**
 * The residents of several buildings, asked for one building after the other, so that a large compound does not ask
 * for everything at once; anew when `asOf` moves or the line comes back.
 */
export function useNeighbours(buildingIds: readonly string[], asOf: number): Neighbours {
  const { ask } = useWire();
  const online = useAppState(({ status }) => status === "online");
  const [residents, setResidents] = useState<Neighbours["residents"]>(new Map());
  const [error, setError] = useState<ErrorCode | null>(null);
  const [round, setRound] = useState(0);
  const key = JSON.stringify(buildingIds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asOf and round say when to ask again
  useEffect(() => {
    if (!online) return;
    let current = true;
    const readAll = async (): Promise<void> => {
      setError(null);
      for (const buildingId of JSON.parse(key) as string[]) {
        const answer = await ask("residents.list", { buildingId });
        if (!current) return;
        if (!answer.ok) return setError(answer.error.code);
        setResidents((known) => new Map(known).set(buildingId, answer.value.residents));
      }
    };
    void readAll();
    return () => {
      current = false;
    };
  }, [ask, key, asOf, online, round]);
  return { residents, error, again: () => setRound((last) => last + 1) };
}
