import type { WallVote } from "../../../shared/kiosk/model.ts";
import { ClosedScene, ResultScene } from "./ResultScene.tsx";
import { VoteScene } from "./VoteScene.tsx";

interface VoteMomentProps {
  readonly vote: WallVote;
  readonly lastCall: boolean;
  readonly now: number;
  /** Where the app is served, as in `https://yuan.example`. */
  readonly origin: string;
}

/** A vote as it stands: while it is open, until the result is told, and with the result. */
export function VoteMoment({ vote, lastCall, now, origin }: VoteMomentProps) {
  switch (vote.state) {
    case "open":
      return (
        <VoteScene vote={vote} lastCall={lastCall} now={now} voteUrl={`${origin}/votes/${vote.proposalId}`} />
      );
    case "closed":
      return <ClosedScene vote={vote} />;
    case "revealed":
      return <ResultScene vote={vote} />;
    default:
      return null;
  }
}
