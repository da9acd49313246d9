import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { Button } from "../ui/Button.tsx";
import { HoldButton } from "../ui/HoldButton.tsx";
import styles from "./facilitate.module.css";
import { LengthChoice } from "./LengthChoice.tsx";
import { type Length, lengths } from "./lengths.ts";
import { Refused } from "./Refused.tsx";
import { useAct } from "./use-act.ts";

interface DraftMomentProps {
  readonly proposal: ProposalView;
  readonly onEdit: () => void;
}

/** Before the vote: how long, and 开始. */
export function DraftMoment({ proposal: { proposalId }, onEdit }: DraftMomentProps) {
  const { t } = useTranslation("facilitate");
  const [length, setLength] = useState<Length>("3m");
  const { act, busy, refused } = useAct();
  return (
    <>
      <LengthChoice value={length} onChange={setLength} />
      <HoldButton
        label={t("open")}
        disabled={busy}
        onHeld={() => void act("proposal.open", { proposalId, ending: { afterSeconds: lengths[length] } })}
      />
      <p className={styles.quiet}>{t("openHint")}</p>
      <Refused code={refused} />
      <div className={styles.row}>
        <Button icon="pencil" onClick={onEdit}>
          {t("edit")}
        </Button>
        <Button busy={busy} onClick={() => void act("proposal.withdraw", { proposalId })}>
          {t("withdraw")}
        </Button>
      </div>
    </>
  );
}
