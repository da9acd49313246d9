import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChatMessage, Decision } from "../../shared/chat/model.ts";
import { useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./message.module.css";
import { useProblemText } from "./use-problem-text.ts";

interface JudgeButtonsProps {
  readonly message: Pick<ChatMessage, "id" | "state">;
  /** The message waits although it is not covered: it was kept before, or its author took it back. */
  readonly reported?: boolean;
  readonly onDecided?: () => void;
}

/** Keep or remove, for those who look after this place. */
export function JudgeButtons({ message, reported = false, onDecided }: JudgeButtonsProps) {
  const { t } = useTranslation("chat");
  const wire = useWire();
  const toast = useToast();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const { id, state } = message;
  const decide = async (decision: Decision) => {
    setBusy(true);
    const answer = await wire.send("chat.decide", { messageId: id, decision });
    setBusy(false);
    if (!answer.ok) return toast({ tone: "wrong", text: problemText(answer.error) });
    onDecided?.();
  };
  if (state === "removed" && !reported) {
    return (
      <Button busy={busy} onClick={() => decide("keep")}>
        {t("restore")}
      </Button>
    );
  }
  if (state !== "blurred" && !reported) return null;
  return (
    <div className={styles.judge}>
      <Button busy={busy} onClick={() => decide("keep")}>
        {t("keep")}
      </Button>
      <Button kind="danger" busy={busy} onClick={() => decide("remove")}>
        {t("remove")}
      </Button>
    </div>
  );
}
