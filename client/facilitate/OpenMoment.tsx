import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ProposalView, proposalLimits } from "../../shared/proposals/model.ts";
import { isEarlyClose } from "../../shared/proposals/rules.ts";
import { useServerNow } from "../state/app.tsx";
import { Banner } from "../ui/Banner.tsx";
import { Button } from "../ui/Button.tsx";
import { HoldButton } from "../ui/HoldButton.tsx";
import { TextField } from "../ui/TextField.tsx";
import { TimeLeft } from "../ui/TimeLeft.tsx";
import { Turnout } from "../ui/Turnout.tsx";
import { useLastCall } from "../votes/use-last-call.ts";
import styles from "./facilitate.module.css";
import { Refused } from "./Refused.tsx";
import { useAct } from "./use-act.ts";

interface OpenMomentProps {
  readonly proposal: ProposalView;
}

/** While people vote: the time, the doors, 最后提醒, and 收票 with a reason when it is before the time. */
export function OpenMoment({ proposal }: OpenMomentProps) {
  const { t } = useTranslation("facilitate");
  const serverNow = useServerNow();
  const { proposalId, round, turnout } = proposal;
  const closesAt = proposal.closesAt ?? 0;
  const lastCall = useLastCall(proposalId, round);
  const [reason, setReason] = useState("");
  const { act, busy, refused } = useAct();
  const everyone = turnout.total > 0 && turnout.voted >= turnout.total;
  const reasonMissing = reason.trim() === "" && isEarlyClose(closesAt, serverNow());
  // The reason is published: the page offers sentences and claims none of them by itself.
  const offered = [
    everyone ? "reason.everyone" : "reason.present",
    "reason.agreed",
    "reason.mistake",
  ] as const;

  const close = () =>
    void act("proposal.close", {
      proposalId,
      round,
      reason: isEarlyClose(closesAt, serverNow()) ? reason.trim() : null,
    });
  return (
    <>
      <p className={styles.time}>
        <TimeLeft until={closesAt} now={serverNow} />
      </p>
      <Turnout cast={turnout.voted} total={turnout.total} />
      {lastCall ? (
        <Banner icon="clock" text={t("lastCallOn")} />
      ) : (
        <div>
          <Button wide busy={busy} onClick={() => void act("proposal.call-last", { proposalId, round })}>
            {t("callLast")}
          </Button>
          <p className={styles.quiet}>{t("callLastHint")}</p>
        </div>
      )}
      <TextField
        label={t("reason.label")}
        hint={t("reason.hint")}
        value={reason}
        maxLength={proposalLimits.reason}
        onChange={setReason}
      />
      <ul className={styles.row} aria-label={t("reason.offered")}>
        {offered.map((each) => (
          <li key={each}>
            <Button onClick={() => setReason(t(each))}>{t(each)}</Button>
          </li>
        ))}
      </ul>
      <HoldButton label={t("close")} disabled={busy || reasonMissing} onHeld={close} />
      {reasonMissing && <p className={styles.quiet}>{t("reason.needed")}</p>}
      <p className={styles.quiet}>{t("closesItself")}</p>
      <Refused code={refused} />
    </>
  );
}
