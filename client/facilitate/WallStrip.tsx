import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { votesForWall, wallVote } from "../../shared/kiosk/wall-vote.ts";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { VoteMoment } from "../kiosk/scenes/VoteMoment.tsx";
import { hasTurn } from "../kiosk/scenes.ts";
import { useLastCall } from "../votes/use-last-call.ts";
import styles from "./facilitate.module.css";
import { Miniature } from "./Miniature.tsx";
import { useNow } from "./use-now.ts";

interface WallStripProps {
  /** All votes of the courtyard. */
  readonly proposals: readonly ProposalView[];
  /** The vote in the middle of the page. */
  readonly proposal: ProposalView | null;
}

/** What the wall shows of this vote when its turn comes: the wall's own scene, small. */
export function WallStrip({ proposals, proposal }: WallStripProps) {
  const { t } = useTranslation("facilitate");
  const now = useNow();
  const votes = useMemo(() => votesForWall(proposals.map(wallVote)), [proposals]);
  const vote = votes.find(({ proposalId }) => proposalId === proposal?.proposalId);
  const lastCall = useLastCall(proposal?.proposalId ?? "", proposal?.round ?? 0);
  const shown = vote && hasTurn(vote, now) ? vote : null;
  const notYet = proposal === null || proposal.state === "draft";
  return (
    <section className={styles.wall}>
      <h2 className={styles.groupTitle}>{t(shown ? "wall.title" : notYet ? "wall.later" : "wall.not")}</h2>
      {shown ? (
        <Miniature label={t("wall.picture", { question: shown.question })}>
          <VoteMoment vote={shown} lastCall={lastCall} now={now} origin={location.origin} />
        </Miniature>
      ) : (
        proposal?.state !== "withdrawn" && <p>{t(notYet ? "wall.nothing" : "wall.past")}</p>
      )}
    </section>
  );
}
