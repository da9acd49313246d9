import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ReportRule, reportRules } from "../../shared/chat/model.ts";
import { useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./page.module.css";
import { useProblemText } from "./use-problem-text.ts";

interface ReportFormProps {
  readonly messageId: string;
  readonly onDone: () => void;
}

/** Names the rule a message breaks. */
export function ReportForm({ messageId, onDone }: ReportFormProps) {
  const { t } = useTranslation("chat");
  const wire = useWire();
  const toast = useToast();
  const problemText = useProblemText();
  const [rule, setRule] = useState<ReportRule>();
  const [busy, setBusy] = useState(false);
  const report = async (event: FormEvent) => {
    event.preventDefault();
    if (!rule) return;
    setBusy(true);
    const answer = await wire.send("chat.report", { messageId, rule });
    setBusy(false);
    if (answer.ok) {
      // A covered message shows it by itself; words that were kept before stay as they are until decided.
      if (answer.value.state === "shown") toast({ text: t("report.doneKept") });
      return onDone();
    }
    const { code, params } = answer.error;
    const seconds = code === "rate-limited" ? params?.seconds : undefined;
    toast({
      tone: "wrong",
      text: seconds === undefined ? problemText(answer.error) : t("report.tooMany", { seconds }),
    });
  };
  return (
    <form className={styles.form} onSubmit={report}>
      <p>{t("report.intro")}</p>
      <SegmentedChoice
        label={t("report.label")}
        shape="stack"
        value={rule}
        choices={reportRules.map((value) => ({ value, text: t(`rule.${value}`) }))}
        onChange={setRule}
      />
      <Button type="submit" kind="main" wide busy={busy} disabled={rule === undefined}>
        {t("report.send")}
      </Button>
    </form>
  );
}
