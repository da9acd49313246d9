import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { useArea, useServerNow } from "../state/app.tsx";
import { Banner } from "../ui/Banner.tsx";
import { TimeLeft } from "../ui/TimeLeft.tsx";
import { Turnout } from "../ui/Turnout.tsx";
import { BallotPaper, MissedBallot } from "./BallotPaper.tsx";
import { EarlierRounds } from "./EarlierRounds.tsx";
import { HomeBallot } from "./HomeBallot.tsx";
import { Result } from "./Result.tsx";
import type { Mine } from "./reducer.ts";
import { useBallot } from "./use-ballot.ts";
import { useLastCall } from "./use-last-call.ts";
import { decidingLine, whenText } from "./vote-words.ts";
import styles from "./votes.module.css";

interface ProposalSheetProps {
  readonly proposal: ProposalView;
  readonly mine: Mine | null;
}

/** One round of one vote on a phone: what it is about, then whatever is to do or to know now. */
export function ProposalSheet({ proposal, mine }: ProposalSheetProps) {
  const { t, i18n } = useTranslation("votes");
  const serverNow = useServerNow();
  const now = serverNow();
  const mayVote = useArea("identity", (me) => me.abilities.includes("proposal.vote"));
  const { proposalId, round, state } = proposal;
  const paper = useBallot(proposalId, round, state === "revealed");
  const lastCall = useLastCall(proposalId, round);
  const ballot = mine?.round === round ? mine.ballot : null;
  const onRegister = mine?.onRegister ?? false;
  const here =
    ballot && paper.cast?.receipt === ballot.receipt
      ? proposal.options.find(({ id }) => id === paper.cast?.optionId)
      : undefined;
  return (
    <article className={styles.sheet}>
      {state === "open" && lastCall && (
        <div className={styles.lastCall}>
          <Banner icon="clock" text={t("lastCall")} />
        </div>
      )}
      <h2 className={styles.question}>{proposal.question}</h2>
      {round > 1 && <p className={styles.round}>{t("round", { round })}</p>}
      {proposal.body !== "" && <p className={styles.body}>{proposal.body}</p>}
      {state === "open" && (
        <>
          <p className={styles.time}>
            <TimeLeft until={proposal.closesAt ?? 0} now={serverNow} />
          </p>
          <Turnout cast={proposal.turnout.voted} total={proposal.turnout.total} />
          <p className={styles.quiet}>{decidingLine(t, proposal)}</p>
        </>
      )}
      {state === "open" && !mayVote && <p className={styles.quiet}>{t("home.onlyWatching")}</p>}
      {state === "open" && mayVote && !onRegister && (
        <p className={styles.quiet}>{t("home.notOnRegister")}</p>
      )}
      {state === "open" && mayVote && onRegister && (
        <BallotPaper proposal={proposal} paper={paper} ballot={ballot} />
      )}
      {/* Below the paper: what another phone of the home did must not push the choices from under a finger. */}
      {ballot && <HomeBallot ballot={ballot} here={here} now={now} />}
      {state !== "open" && (
        <>
          {mayVote && <MissedBallot proposal={proposal} paper={paper} voted={ballot !== null} now={now} />}
          <p className={styles.quiet}>
            {t("closedAt", { time: whenText(t, proposal.closedAt ?? now, now, i18n.language) })}
            {proposal.closeReason !== null && ` · ${t("closedEarly", { reason: proposal.closeReason })}`}
          </p>
        </>
      )}
      {state === "closed" && (
        <>
          <Turnout cast={proposal.turnout.voted} total={proposal.turnout.total} />
          <p className={styles.waiting}>{t("waitReveal")}</p>
        </>
      )}
      {proposal.result && (
        <>
          <Result paper={proposal} result={proposal.result} />
          <a href={`/api/v1/proposals/${proposalId}/result.csv`} className={styles.download} download>
            {t("download")}
          </a>
        </>
      )}
      <EarlierRounds proposal={proposal} />
    </article>
  );
}
