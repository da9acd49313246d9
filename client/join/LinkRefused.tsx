import { useTranslation } from "react-i18next";
import type { WireError } from "../../shared/wire/result.ts";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { EntryPaper } from "./EntryPaper.tsx";
import { useErrorSentence } from "./use-entering.ts";

interface LinkRefusedProps {
  readonly error: WireError;
  readonly onRetry: () => void;
}

/** A link that opens nothing: why, and whom to ask. Trying again helps only when the net was the reason. */
export function LinkRefused({ error, onRetry }: LinkRefusedProps) {
  const { t } = useTranslation("join");
  const sentence = useErrorSentence();
  const dead = error.code.startsWith("code-");
  return (
    <EntryPaper title={t("link.heading")}>
      <ErrorNote
        title={sentence(error)}
        next={dead ? t("link.askForNew") : t("link.tryAgain")}
        {...(!dead && { onRetry })}
      />
    </EntryPaper>
  );
}
