import { useEffect, useState } from "react";
import { useArea, useServerNow } from "../state/app.tsx";

/** True while a last call for this round is on show; it takes itself away. */
export function useLastCall(proposalId: string, round: number): boolean {
  const serverNow = useServerNow();
  const until = useArea(
    "proposals",
    ({ lastCalls }) =>
      lastCalls.find((call) => call.proposalId === proposalId && call.round === round)?.until ?? 0,
  );
  const [over, setOver] = useState(0);
  useEffect(() => {
    const left = until - serverNow();
    if (left <= 0) return;
    const timer = setTimeout(() => setOver(until), left);
    return () => clearTimeout(timer);
  }, [until, serverNow]);
  return until > serverNow() && over !== until;
}
