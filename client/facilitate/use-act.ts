import { useState } from "react";
import type { CommandInput, CommandName } from "../../shared/wire/contract.ts";
import type { ErrorCode } from "../../shared/wire/errors.ts";
import { useWire } from "../state/app.tsx";

/** One command at a time; what changes on the screen arrives as an event, a refusal stays until the next try. */
export function useAct() {
  const wire = useWire();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const act = async <N extends CommandName>(name: N, input: CommandInput<N>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setRefused(null);
    const answer = await wire.send(name, input);
    setBusy(false);
    if (!answer.ok) setRefused(answer.error.code);
    return answer.ok;
  };
  return { act, busy, refused };
}
