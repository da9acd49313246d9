import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { useServerNow } from "../state/app.tsx";
import { TimeLeft } from "../ui/TimeLeft.tsx";
import { Turnout } from "../ui/Turnout.tsx";
import { inOrder } from "../votes/vote-order.ts";
import { outcomeSentence } from "../votes/vote-words.ts";
import styles from "./facilitate.module.css";

interface WallStripProps {
  readonly proposals: readonly ProposalView[];
}

/** What everyone sees on the wall of these votes: never more than that, so that it can be read out. */
export function WallStrip({ proposals }: WallStripProps) {
  const { t } = useTranslation("facilitate");
  const { t: tVotes } = useTranslation("votes");
  const now = useServerNow();
  const { open, finished } = inOrder(proposals);
  const shown = open[0] ?? finished[0];
  return (
    <section className={styles.wall}>
      <h2 className={styles.groupTitle}>{t("wall.title")}</h2>
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
