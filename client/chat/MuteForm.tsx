import { nanoid } from "nanoid";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { chatLimits } from "../../shared/chat/limits.ts";
import { useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./page.module.css";
import { useProblemText } from "./use-problem-text.ts";

const lengths = { hour: 60, day: 24 * 60, week: 7 * 24 * 60 } as const;
type Length = keyof typeof lengths;
const lengthNames: readonly Length[] = ["hour", "day", "week"];

interface MuteFormProps {
  readonly residentId: string;
  readonly onDone: () => void;
}

/** Keeps someone from writing for a while, with a reason they will read. */
export function MuteForm({ residentId, onDone }: MuteFormProps) {
  const { t } = useTranslation("chat");
  const wire = useWire();
  const toast = useToast();
  const problemText = useProblemText();
  const [muteId] = useState(() => nanoid(16));
  const [length, setLength] = useState<Length>("hour");
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const mute = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await wire.send("chat.mute", { muteId, residentId, minutes: lengths[length], reason });
    setBusy(false);
    if (!answer.ok) return toast({ tone: "wrong", text: problemText(answer.error) });
    toast({ text: t("mute.done") });
    onDone();
  };
  return (
    <form className={styles.form} onSubmit={mute}>
      <p>{t("mute.intro")}</p>
      <SegmentedChoice
        label={t("mute.length")}
        value={length}
        choices={lengthNames.map((value) => ({ value, text: t(`mute.${value}`) }))}
        onChange={setLength}
      />
      <TextField
        label={t("mute.reason")}
        hint={t("mute.reasonHint")}
        value={reason}
        maxLength={chatLimits.reason}
        onChange={setReason}
      />
      <Button type="submit" kind="main" wide busy={busy} disabled={reason.trim() === ""}>
        {t("mute.send")}
      </Button>
    </form>
  );
}
