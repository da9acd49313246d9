import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { EarlierRounds } from "../votes/EarlierRounds.tsx";
import { decidingLine, optionWord } from "../votes/vote-words.ts";
import { Acts } from "./Acts.tsx";
import { ClosedMoment } from "./ClosedMoment.tsx";
import { DraftMoment } from "./DraftMoment.tsx";
import styles from "./facilitate.module.css";
import { OpenMoment } from "./OpenMoment.tsx";

interface MomentProps {
  readonly proposal: ProposalView;
  readonly onEdit: () => void;
}

/** The proposal as the facilitator reads it out, and the one big button of the moment. */
export function Moment({ proposal, onEdit }: MomentProps) {
  const { t } = useTranslation("facilitate");
  const { t: tVotes } = useTranslation("votes");
  return (
    <article className={styles.moment}>
      <p className={styles.state}>
        {t(`group.${proposal.state === "withdrawn" ? "draft" : proposal.state}`)}
        {proposal.round > 1 && ` · ${tVotes("round", { round: proposal.round })}`}
      </p>
      <h2 className={styles.question}>{proposal.question}</h2>
      {proposal.body !== "" && <p className={styles.body}>{proposal.body}</p>}
      {(proposal.state === "draft" || proposal.state === "open") && (
        <>
          <ol className={styles.options}>
            {proposal.options.map((option) => (
              <li key={option.id}>{optionWord(tVotes, option)}</li>
            ))}
          </ol>
          <p className={styles.quiet}>
            {tVotes(proposal.rule.changeable ? "rule.changeable" : "rule.final")}
            {" · "}
            {t(`tally.${proposal.rule.tally}`)}
            <br />
            {decidingLine(tVotes, proposal)}
          </p>
        </>
      )}
      {proposal.state === "draft" && <DraftMoment proposal={proposal} onEdit={onEdit} />}
      {proposal.state === "open" && <OpenMoment proposal={proposal} />}
      {(proposal.state === "closed" || proposal.state === "revealed") && <ClosedMoment proposal={proposal} />}
      <EarlierRounds proposal={proposal} />
      <Acts proposal={proposal} />
    </article>
  );
}
