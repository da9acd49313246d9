import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CommandInput, CommandName, CommandResult } from "../../shared/wire/contract.ts";
import { useWire } from "../state/app.tsx";
import { useToast } from "../ui/toast-context.ts";

interface Act {
  /** The command that is under way, if any. */
  readonly busy: boolean;
  /** Sends a command; says what went wrong in a toast and answers null then. */
  readonly act: <N extends CommandName>(name: N, input: CommandInput<N>) => Promise<CommandResult<N> | null>;
}

export function useAct(): Act {
  const { send } = useWire();
  const { t } = useTranslation("errors");
  const toast = useToast();
  const [waiting, setWaiting] = useState(0);
  const act: Act["act"] = async (name, input) => {
    setWaiting((count) => count + 1);
    const result = await send(name, input);
    setWaiting((count) => count - 1);
    if (result.ok) return result.value;
    toast({ text: t(result.error.code), tone: "wrong" });
    return null;
  };
  return { busy: waiting > 0, act };
}
