import { useState } from "react";
import { useTranslation } from "react-i18next";
import { chatLimits } from "../../shared/chat/limits.ts";
import type { ChatMessage } from "../../shared/chat/model.ts";
import { mayStillDelete, mayStillEdit } from "../../shared/chat/rules.ts";
import { useServerNow, useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import { EditForm } from "./EditForm.tsx";
import { MessageText } from "./MessageText.tsx";
import { MuteForm } from "./MuteForm.tsx";
import styles from "./page.module.css";
import { ReportForm } from "./ReportForm.tsx";
import { useProblemText } from "./use-problem-text.ts";

interface MessageMenuProps {
  readonly message: ChatMessage;
  readonly mine: boolean;
  readonly mayJudge: boolean;
  readonly onClose: () => void;
}

type Step = "acts" | "edit" | "report" | "mute";

/** What can be done with one message. */
export function MessageMenu({ message, mine, mayJudge, onClose }: MessageMenuProps) {
  const { t } = useTranslation("chat");
  const [step, setStep] = useState<Step>("acts");
  const titles = {
    acts: t("menu.title"),
    edit: t("edit.title"),
    report: t("report.title"),
    mute: t("mute.title", { name: message.author.name }),
  };
  return (
    <Sheet open title={titles[step]} onClose={onClose}>
      {step === "acts" && (
        <Acts message={message} mine={mine} mayJudge={mayJudge} onStep={setStep} onClose={onClose} />
      )}
      {step === "edit" && <EditForm message={message} onDone={onClose} />}
      {step === "report" && <ReportForm messageId={message.id} onDone={onClose} />}
      {step === "mute" && <MuteForm residentId={message.author.residentId} onDone={onClose} />}
    </Sheet>
  );
}

interface ActsProps extends MessageMenuProps {
  readonly onStep: (step: Step) => void;
}

function Acts({ message, mine, mayJudge, onStep, onClose }: ActsProps) {
  const { t } = useTranslation("chat");
  const wire = useWire();
  const toast = useToast();
  const problemText = useProblemText();
  const now = useServerNow()();
  const { id, text, at, state } = message;
  const minutes = Math.ceil((at + chatLimits.editFor - now) / 60_000);

  const copy = async () => {
    await navigator.clipboard.writeText(text ?? "");
    onClose();
  };
  const takeBack = async () => {
    const answer = await wire.send("chat.delete", { messageId: id });
    if (!answer.ok) {
      const late = answer.error.code === "edit-too-late";
      toast({ tone: "wrong", text: late ? t("deleteTooLate") : problemText(answer.error) });
    }
    onClose();
  };
  return (
    <div className={styles.acts}>
      {text !== null && <MessageText text={text} />}
      {/* Older WebViews and pages without TLS have no clipboard. */}
      {text !== null && "clipboard" in navigator && (
        <Button wide onClick={copy}>
          {t("menu.copy")}
        </Button>
      )}
      {mine && mayStillEdit(message, now) && (
        <Button wide icon="pencil" onClick={() => onStep("edit")}>
          {t("menu.edit")}（{t("menu.editLeft", { count: minutes })}）
        </Button>
      )}
      {mine && mayStillDelete(message, now) && (
        <Button wide kind="danger" icon="undo" onClick={takeBack}>
          {t("menu.delete")}
        </Button>
      )}
      {!mine && (state === "shown" || state === "blurred") && (
        <Button wide icon="warning" onClick={() => onStep("report")}>
          {t("menu.report")}
        </Button>
      )}
      {!mine && mayJudge && (
        <Button wide icon="clock" onClick={() => onStep("mute")}>
          {t("menu.mute")}
        </Button>
      )}
    </div>
  );
}
