import { useTranslation } from "react-i18next";
import type { ProposalView, Tally } from "../../shared/proposals/model.ts";
import { chosenBy } from "../../shared/proposals/tally.ts";
import { Bars } from "../ui/Bars.tsx";
import { abstentions, outcomeSentence, resultBars } from "./vote-words.ts";
import styles from "./votes.module.css";

interface ResultProps {
  readonly paper: Pick<ProposalView, "kind" | "options">;
  readonly result: Tally;
}

/** What came out: one sentence, the bars, and how many took part. The same numbers everywhere (INV-9). */
export function Result({ paper, result }: ResultProps) {
  const { t } = useTranslation("votes");
  const abstained = abstentions(result);
  const chose = chosenBy(result);
  return (
    <section className={styles.result} aria-label={t("result")}>
      <p className={styles.outcome}>{outcomeSentence(t, paper, result)}</p>
      <Bars label={t("result")} bars={resultBars(t, paper, result)} total={chose} />
      <ul className={styles.quiet}>
        <li>{t("turnout", { count: result.register.households, voted: result.voted.households })}</li>
        {abstained > 0 && <li>{t("abstained", { count: abstained })}</li>}
        {abstained > 0 && chose > 0 && <li>{t("share", { count: chose })}</li>}
      </ul>
    </section>
  );
}
