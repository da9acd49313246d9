import { useTranslation } from "react-i18next";
import type { HouseholdBallot, ProposalView } from "../../shared/proposals/model.ts";
import { Button } from "../ui/Button.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { isUncast } from "./choice-memory.ts";
import type { BallotPaperState } from "./use-ballot.ts";
import { optionWord, whenText } from "./vote-words.ts";
import styles from "./votes.module.css";

interface BallotPaperProps {
  readonly proposal: ProposalView;
  readonly paper: BallotPaperState;
  /** The household's ballot that counts, from whatever phone. */
  readonly ballot: HouseholdBallot | null;
}

/** What can be chosen, large, and the one button that casts it. */
export function BallotPaper({ proposal, paper, ballot }: BallotPaperProps) {
  const { t } = useTranslation("votes");
  const { t: tError } = useTranslation("errors");
  const { changeable } = proposal.rule;
  const voted = ballot !== null;
  const locked = voted && !changeable && paper.sending === null;
  // Another phone of the home may have cast since: then the same choice can be cast again.
  const same = paper.cast?.receipt === ballot?.receipt && paper.cast?.optionId === paper.choice;
  const label = paper.busy ? t("casting") : same ? t("unchanged") : t(voted ? "change" : "cast");
  return (
    <form
      className={styles.paper}
      onSubmit={(event) => {
        event.preventDefault();
        paper.submit();
      }}
    >
      <SegmentedChoice
        label={t("choose")}
        shape="stack"
        value={paper.choice ?? undefined}
        choices={proposal.options.map((option) => ({ value: option.id, text: optionWord(t, option) }))}
        onChange={paper.choose}
        disabled={locked}
      />
      <p className={styles.quiet}>
        {t(changeable ? "rule.changeable" : "rule.final")}
        <br />
        {t(
          proposal.rule.tally === "hidden-until-closed"
            ? "rule.hiddenUntilClosed"
            : "rule.hiddenUntilRevealed",
        )}
      </p>
      {paper.refused && (
        <ErrorNote title={t("refused")} next={`${tError(paper.refused)} ${t("refusedKept")}`} />
      )}
      <Button
        type="submit"
        kind="main"
        wide
        busy={paper.busy}
        disabled={paper.choice === null || same || locked}
      >
        {locked ? t("home.voted") : label}
      </Button>
    </form>
  );
}

interface MissedProps {
  readonly proposal: ProposalView;
  readonly paper: BallotPaperState;
  readonly voted: boolean;
  readonly now: number;
}

/** The vote was closed while a choice was being made: it is kept, and what became of it is said. */
export function MissedBallot({ proposal, paper, voted, now }: MissedProps) {
  const { t, i18n } = useTranslation("votes");
  const option = proposal.options.find(({ id }) => id === paper.choice);
  if (!option || !isUncast(paper) || paper.sending) return null;
  const time = whenText(t, proposal.closedAt ?? now, now, i18n.language);
  return (
    <div className={styles.missed} role="status">
      <p className={styles.missedTitle}>{t("missed.title", { time })}</p>
      <p>{t("missed.choice", { option: optionWord(t, option) })}</p>
      {voted && <p>{t("missed.earlier")}</p>}
    </div>
  );
}
