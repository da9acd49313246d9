import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ProposalView, proposalLimits } from "../../shared/proposals/model.ts";
import { useServerNow } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { HoldButton } from "../ui/HoldButton.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { TextField } from "../ui/TextField.tsx";
import { Turnout } from "../ui/Turnout.tsx";
import { Result } from "../votes/Result.tsx";
import { whenText } from "../votes/vote-words.ts";
import styles from "./facilitate.module.css";
import { LengthChoice } from "./LengthChoice.tsx";
import { type Length, lengths } from "./lengths.ts";
import { Refused } from "./Refused.tsx";
import { useAct } from "./use-act.ts";

interface ClosedMomentProps {
  readonly proposal: ProposalView;
}

/** After the vote: 公布, then the result; and, seldom, the next round. */
export function ClosedMoment({ proposal }: ClosedMomentProps) {
  const { t } = useTranslation("facilitate");
  const { t: tVotes, i18n } = useTranslation("votes");
  const now = useServerNow();
  const { act, busy, refused } = useAct();
  const [again, setAgain] = useState(false);
  const { proposalId, round, turnout, result, closedAt, closeReason } = proposal;
  return (
    <>
      <p className={styles.quiet}>
        {tVotes("closedAt", { time: whenText(tVotes, closedAt ?? 0, now(), i18n.language) })}
        {closeReason !== null && ` · ${tVotes("closedEarly", { reason: closeReason })}`}
      </p>
      {result ? (
        <>
          <Result paper={proposal} result={result} />
          <a href={`/api/v1/proposals/${proposalId}/result.csv`} className={styles.link} download>
            {tVotes("download")}
          </a>
        </>
      ) : (
        <>
          <Turnout cast={turnout.voted} total={turnout.total} />
          <HoldButton
            label={t("reveal")}
            disabled={busy}
            onHeld={() => void act("proposal.reveal", { proposalId, round })}
          />
          <p className={styles.quiet}>{t("revealHint")}</p>
        </>
      )}
      <Refused code={refused} />
      <div className={styles.row}>
        <Button icon="undo" onClick={() => setAgain(true)}>
          {t("restart.button")}
        </Button>
      </div>
      <RestartSheet proposal={proposal} open={again} onClose={() => setAgain(false)} />
    </>
  );
}

interface RestartSheetProps extends ClosedMomentProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The next round of the same words, with a reason everyone reads. */
function RestartSheet({ proposal: { proposalId, round }, open, onClose }: RestartSheetProps) {
  const { t } = useTranslation("facilitate");
  const [reason, setReason] = useState("");
  const [length, setLength] = useState<Length>("3m");
  const { act, busy, refused } = useAct();
  return (
    <Sheet open={open} title={t("restart.title")} onClose={onClose}>
      <div className={styles.form}>
        <p>{t("restart.what")}</p>
        <TextField
          label={t("restart.why")}
          value={reason}
          maxLength={proposalLimits.reason}
          onChange={setReason}
        />
        <LengthChoice value={length} onChange={setLength} />
        <Refused code={refused} />
        <HoldButton
          label={t("restart.open")}
          disabled={busy || reason.trim() === ""}
          onHeld={() =>
            void act("proposal.restart", {
              proposalId,
              round,
              reason: reason.trim(),
              ending: { afterSeconds: lengths[length] },
            })
          }
        />
      </div>
    </Sheet>
  );
}
