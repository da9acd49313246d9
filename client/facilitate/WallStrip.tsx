import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { useServerNow } from "../state/app.tsx";
import { TimeLeft } from "../ui/TimeLeft.tsx";
import { Turnout } from "../ui/Turnout.tsx";
import { outcomeSentence } from "../votes/vote-words.ts";
import styles from "./facilitate.module.css";

interface WallStripProps {
  /** The vote in the middle of the page. */
  readonly proposal: ProposalView | null;
}

/** What the wall shows of this vote, when its turn comes: never more than that, so that it can be read out. */
export function WallStrip({ proposal }: WallStripProps) {
  const { t } = useTranslation("facilitate");
  const { t: tVotes } = useTranslation("votes");
  const now = useServerNow();
  const shown = proposal && proposal.state !== "draft" && proposal.state !== "withdrawn" ? proposal : null;
  return (
    <section className={styles.wall}>
      <h2 className={styles.groupTitle}>{t(shown ? "wall.title" : "wall.later")}</h2>
      {!shown && <p>{t("wall.nothing")}</p>}
      {shown && (
        <>
          <p className={styles.wallQuestion}>{shown.question}</p>
          {shown.state === "open" && (
            <p>
              <TimeLeft until={shown.closesAt ?? 0} now={now} />
            </p>
          )}
          {shown.state !== "revealed" && <Turnout cast={shown.turnout.voted} total={shown.turnout.total} />}
          {shown.state === "closed" && <p>{tVotes("waitReveal")}</p>}
          {shown.result && <p>{outcomeSentence(tVotes, shown, shown.result)}</p>}
        </>
      )}
    </section>
  );
}
