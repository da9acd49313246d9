import { useState } from "react";
import { useTranslation } from "react-i18next";
import { proposalLimits } from "../../shared/proposals/model.ts";
import { draftFaults } from "../../shared/proposals/rules.ts";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { TextArea } from "../ui/TextArea.tsx";
import { TextField } from "../ui/TextField.tsx";
import { type DraftForm, draftOf, fieldOf } from "./draft-form.ts";
import styles from "./facilitate.module.css";
import { OptionFields } from "./OptionFields.tsx";
import { Refused } from "./Refused.tsx";
import { useAct } from "./use-act.ts";

interface DraftSheetProps {
  readonly form: DraftForm;
  /** Whether the server has this draft already. */
  readonly isStored: boolean;
  readonly onChange: (form: DraftForm) => void;
  readonly onDone: (proposalId: string) => void;
  /** Put aside; what is written stays on this device. */
  readonly onClose: () => void;
  readonly onDrop: () => void;
}

/** Writing a proposal. What is typed stays on this device until it is stored or thrown away (INV-7). */
export function DraftSheet({ form, isStored, onChange, onDone, onClose, onDrop }: DraftSheetProps) {
  const { t } = useTranslation("facilitate");
  const [tried, setTried] = useState(false);
  const { act, busy, refused } = useAct();
  const draft = draftOf(form);
  const faults = draftFaults(draft);
  const errorOf = (field: ReturnType<typeof fieldOf>) => {
    const fault = tried ? faults.find((one) => fieldOf(one) === field) : undefined;
    return fault && t(`fault.${fault}`);
  };
  const change = (part: Partial<DraftForm>) => onChange({ ...form, ...part });
  const store = async () => {
    setTried(true);
    if (faults.length > 0) return;
    const name = isStored ? "proposal.edit" : "proposal.write";
    if (await act(name, { proposalId: form.proposalId, ...draft })) onDone(form.proposalId);
  };
  const foot = (
    <div className={styles.row}>
      <Button kind="main" busy={busy} onClick={() => void store()}>
        {t("store")}
      </Button>
      <Button onClick={onDrop}>{t("drop")}</Button>
    </div>
  );
  return (
    <Sheet open title={t(isStored ? "edit" : "write")} onClose={onClose} foot={foot}>
      <div className={styles.form}>
        <TextField
          label={t("question")}
          hint={t("questionHint")}
          error={errorOf("question")}
          value={form.question}
          maxLength={proposalLimits.question}
          onChange={(question) => change({ question })}
        />
        <TextArea
          label={t("body")}
          hint={t("bodyHint")}
          error={errorOf("body")}
          value={form.body}
          maxLength={proposalLimits.body}
          onChange={(body) => change({ body })}
        />
        <SegmentedChoice
          label={t("kind")}
          value={form.kind}
          choices={[
            { value: "yes-no-abstain", text: t("kinds.yesNo") },
            { value: "options", text: t("kinds.options") },
          ]}
          onChange={(kind) => change({ kind })}
        />
        {form.kind === "options" && (
          <>
            <OptionFields
              options={form.options}
              error={errorOf("options")}
              onChange={(options) => change({ options })}
            />
            <SegmentedChoice
              label={t("abstention")}
              value={form.mayAbstain ? "yes" : "no"}
              choices={[
                { value: "yes", text: t("abstentions.offered") },
                { value: "no", text: t("abstentions.notOffered") },
              ]}
              onChange={(value) => change({ mayAbstain: value === "yes" })}
            />
          </>
        )}
        <SegmentedChoice
          label={t("changeable")}
          value={form.changeable ? "yes" : "no"}
          choices={[
            { value: "yes", text: t("changeables.yes") },
            { value: "no", text: t("changeables.no") },
          ]}
          onChange={(value) => change({ changeable: value === "yes" })}
        />
        <SegmentedChoice
          label={t("tallyLabel")}
          shape="wrap"
          value={form.tally}
          choices={[
            { value: "hidden-until-revealed", text: t("tally.hidden-until-revealed") },
            { value: "hidden-until-closed", text: t("tally.hidden-until-closed") },
          ]}
          onChange={(tally) => change({ tally })}
        />
        <p className={styles.quiet}>{t("ballotPer")}</p>
        <Refused code={refused} />
      </div>
    </Sheet>
  );
}
