import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { useArea, useServerNow } from "../state/app.tsx";
import { momentText } from "../ui/moment.ts";
import { TimeLeft } from "../ui/TimeLeft.tsx";
import { outcomeSentence } from "./vote-words.ts";
import styles from "./votes.module.css";

interface VoteCardProps {
  readonly proposal: ProposalView;
  /** Whether the household has voted in this round. */
  readonly voted: boolean;
}

/** A vote in the list: the question, and the one thing worth knowing about it now. */
export function VoteCard({ proposal, voted }: VoteCardProps) {
  const { t, i18n } = useTranslation("votes");
  const now = useServerNow();
  const mayVote = useArea("identity", (me) => me.abilities.includes("proposal.vote"));
  const { proposalId, question, state, closesAt, closedAt, result } = proposal;
  return (
    <li>
      <Link href={`/votes/${proposalId}`} className={styles.card}>
        <strong className={styles.cardQuestion}>{question}</strong>
        {state === "open" ? (
          <span className={styles.cardLine}>
            <TimeLeft until={closesAt ?? 0} now={now} />
            {mayVote && (
              <span className={voted ? styles.done : styles.todo}>
                {t(voted ? "home.voted" : "home.notYet")}
              </span>
            )}
          </span>
        ) : (
          <span className={styles.cardLine}>
            <span>{result ? outcomeSentence(t, proposal, result) : t("state.closed")}</span>
            <span className={styles.quiet}>{momentText(closedAt ?? 0, now(), i18n.language)}</span>
          </span>
        )}
      </Link>
    </li>
  );
}
