import { useTranslation } from "react-i18next";
import type { WireError } from "../../shared/wire/result.ts";
import { useClock } from "./use-clock.ts";

type Problem = Pick<WireError, "code" | "params">;

/** The sentence for a refusal, with what the chat knows of it: how long to wait, until when. */
export function useProblemText(): (problem: Problem) => string {
  const { t } = useTranslation(["chat", "errors"]);
  const { moment } = useClock();
  return ({ code, params }) => {
    if (code === "rate-limited" && params?.seconds !== undefined) {
      return t("chat:unsent.rateLimited", { seconds: params.seconds });
    }
    if (code === "muted" && typeof params?.until === "number") {
      return t("chat:muted", { until: moment(params.until) });
    }
    return t(`errors:${code}`);
  };
}
