import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { outcomeSentence } from "./vote-words.ts";
import styles from "./votes.module.css";

interface EarlierRoundsProps {
  readonly proposal: ProposalView;
}

/** Rounds that were set aside stay in sight, with the reason (INV-10). */
export function EarlierRounds({ proposal }: EarlierRoundsProps) {
  const { t } = useTranslation("votes");
  if (proposal.earlierRounds.length === 0) return null;
  return (
    <section className={styles.earlier}>
      <h3>{t("earlier.title")}</h3>
      <ol>
        {proposal.earlierRounds.map(({ round, reason, result }) => (
          <li key={round}>
            <strong>{t("round", { round })}</strong>{" "}
            {result ? outcomeSentence(t, proposal, result) : t("earlier.hidden")}
            <br />
            <span className={styles.quiet}>{t("earlier.why", { reason })}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
