import { useCallback, useEffect, useState } from "react";
import type { QueryInput, QueryName, QueryResult } from "../../shared/wire/contract.ts";
import type { WireError } from "../../shared/wire/result.ts";
import { useAppState, useWire } from "../state/app.tsx";

export interface Answer<T> {
  /** The last answer; it stays while a newer one is awaited. */
  readonly value: T | undefined;
  readonly error: WireError | undefined;
  readonly again: () => void;
}

/**
 * Asks a query, and again when `asOf` moves or the line comes back.
 * @param input compared by its content
 */
export function useAnswer<N extends QueryName>(
  name: N,
  input: QueryInput<N> | null,
  asOf: number,
): Answer<QueryResult<N>> {
  const { ask } = useWire();
  const online = useAppState(({ status }) => status === "online");
  const [round, setRound] = useState(0);
  const key = JSON.stringify(input);
  const [answer, setAnswer] = useState<{ key: string; value?: QueryResult<N>; error?: WireError }>({ key });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asOf and round say when to ask again
  useEffect(() => {
    if (!online || key === "null") return;
    let current = true;
    ask(name, JSON.parse(key)).then((result) => {
      if (!current) return;
      setAnswer((last) =>
        result.ok
          ? { key, value: result.value }
          : { key, error: result.error, ...(last.key === key && last.value && { value: last.value }) },
      );
    });
    return () => {
      current = false;
    };
  }, [ask, name, key, asOf, online, round]);
  const mine = answer.key === key ? answer : undefined;
  return {
    value: mine?.value,
    error: mine?.error,
    again: useCallback(() => setRound((last) => last + 1), []),
  };
}
