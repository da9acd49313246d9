import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { chatLimits } from "../../shared/chat/limits.ts";
import type { ChatMessage } from "../../shared/chat/model.ts";
import { useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { TextArea } from "../ui/TextArea.tsx";
import styles from "./page.module.css";
import { useProblemText } from "./use-problem-text.ts";

interface EditFormProps {
  readonly message: ChatMessage;
  readonly onDone: () => void;
}

/** Other words for what one said a moment ago. */
export function EditForm({ message, onDone }: EditFormProps) {
  const { t } = useTranslation("chat");
  const wire = useWire();
  const problemText = useProblemText();
  const [text, setText] = useState(message.text ?? "");
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await wire.send("chat.edit", { messageId: message.id, text });
    setBusy(false);
    if (!answer.ok) {
      const late = answer.error.code === "edit-too-late";
      return setError(late ? t("edit.tooLate") : problemText(answer.error));
    }
    onDone();
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <TextArea
        label={t("edit.label")}
        value={text}
        maxLength={chatLimits.text}
        error={error}
        onChange={setText}
        data-first-focus
      />
      <Button type="submit" kind="main" wide busy={busy} disabled={text.trim() === ""}>
        {t("edit.save")}
      </Button>
    </form>
  );
}
