import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import type { WireError } from "../../shared/wire/result.ts";
import { forgetSnapshot } from "../offline/kept-snapshot.ts";
import { post } from "../wire/post.ts";

interface Entering {
  readonly busy: boolean;
  /** What stopped the last try, in a sentence. */
  readonly error: string | undefined;
  readonly enter: (path: string, body: unknown, then: string) => Promise<void>;
}

/** Sends what was filled in and goes inside; the page with the code leaves the history. */
export function useEntering(): Entering {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<WireError>();
  const [, navigate] = useLocation();
  const sentence = useErrorSentence();
  const enter = async (path: string, body: unknown, then: string): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    const answer = await post(path, body);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.error);
    // What this device kept for whoever was signed in before is not theirs.
    forgetSnapshot();
    navigate(then, { replace: true });
  };
  return { busy, error: problem && sentence(problem), enter };
}

/** The sentence a neighbour understands for an error, with what it counts filled in. */
export function useErrorSentence(): (error: WireError) => string {
  const { t } = useTranslation("join");
  const { t: tError } = useTranslation("errors");
  return (error) => {
    const { flaw, minutes, seconds } = error.params ?? {};
    if (
      error.code === "password-weak" &&
      (flaw === "too-simple" || flaw === "too-short" || flaw === "too-long")
    )
      return t(`weak.${flaw}`);
    if (error.code === "locked-out" && typeof minutes === "number") return t("locked", { count: minutes });
    if (error.code === "rate-limited" && typeof seconds === "number")
      return t("wait", { count: Math.ceil(seconds / 60) });
    return tError(error.code);
  };
}
