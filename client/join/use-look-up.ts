import { useCallback, useEffect, useState } from "react";
import type { LookUp } from "../../shared/identity/http.ts";
import type { WireError } from "../../shared/wire/result.ts";
import { post } from "../wire/post.ts";

export type LookUpState =
  | { step: "asking" }
  | { step: "found"; opens: LookUp }
  | { step: "refused"; error: WireError };

/** What a code or link opens; asks again when the code changes or by `again`. */
export function useLookUp(code: string): [LookUpState, () => void] {
  const [state, setState] = useState<LookUpState>({ step: "asking" });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same question once more
  useEffect(() => {
    let current = true;
    setState({ step: "asking" });
    post<LookUp>("/invitations/look-up", { code }).then((answer) => {
      if (!current) return;
      setState(answer.ok ? { step: "found", opens: answer.value } : { step: "refused", error: answer.error });
    });
    return () => {
      current = false;
    };
  }, [code, round]);
  return [state, useCallback(() => setRound((last) => last + 1), [])];
}
