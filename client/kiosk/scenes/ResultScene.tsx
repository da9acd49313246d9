import { useTranslation } from "react-i18next";
import type { WallVote } from "../../../shared/kiosk/model.ts";
import { chosenBy } from "../../../shared/proposals/tally.ts";
import { Bars } from "../../ui/Bars.tsx";
import { abstentions, outcomeSentence, resultBars } from "../../votes/vote-words.ts";
import styles from "./scenes.module.css";
import voteStyles from "./vote.module.css";

/** What came out, in one sentence and in numbers: the same as on every phone (INV-9). */
export function ResultScene({ vote }: { readonly vote: WallVote }) {
  const { t } = useTranslation("kiosk");
  const { t: tVotes } = useTranslation("votes");
  if (!vote.result) return null;
  const abstained = abstentions(vote.result);
  const { register, voted } = vote.result;
  return (
    <section className={styles.scene}>
      <p className={styles.kicker}>{t("result.title")}</p>
      <h1 className={voteStyles.asked}>{vote.question}</h1>
      <p className={voteStyles.outcome}>{outcomeSentence(tVotes, vote, vote.result)}</p>
      <div className={vote.options.length > 6 ? voteStyles.barsMany : voteStyles.bars}>
        <Bars
          label={tVotes("result")}
          bars={resultBars(tVotes, vote, vote.result)}
          total={chosenBy(vote.result)}
        />
      </div>
      <p className={styles.foot}>
        {tVotes("turnout", { count: register.households, voted: voted.households })}{" "}
        {abstained > 0 && tVotes("abstained", { count: abstained })}
      </p>
    </section>
  );
}

/** Between closing and revealing: the count is made and nobody knows it yet. */
export function ClosedScene({ vote }: { readonly vote: WallVote }) {
  const { t } = useTranslation("kiosk");
  return (
    <section className={styles.scene}>
      <p className={styles.kicker}>{t("closed.title")}</p>
      <h1 className={voteStyles.question}>{vote.question}</h1>
      <p className={voteStyles.outcome}>{t("closed.voted", { ...vote.turnout })}</p>
      <p className={voteStyles.asked}>{t("closed.text")}</p>
    </section>
  );
}
