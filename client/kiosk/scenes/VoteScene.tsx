import { useTranslation } from "react-i18next";
import type { WallVote } from "../../../shared/kiosk/model.ts";
import { Qr } from "../../ui/Qr.tsx";
import { doorsOf } from "../../ui/shares.ts";
import { clockText, splitTimeLeft } from "../../ui/time-left.ts";
import { decidingLine, optionWord } from "../../votes/vote-words.ts";
import { textWidth } from "../label-fit.ts";
import { dateText, clockText as timeText } from "../screen-care.ts";
import styles from "./scenes.module.css";
import voteStyles from "./vote.module.css";

interface VoteSceneProps {
  readonly vote: WallVote;
  readonly lastCall: boolean;
  readonly now: number;
  readonly voteUrl: string;
}

/** Doors drawn; more of them are a wall and not a row. */
const mostDoors = 150;
/** Characters of a question that fit on two lines of the large size; a longer one makes room for what is below. */
const twoLines = 37;

/** An open vote: what is asked, how long, how many have voted, and the way in. Never how they voted. */
export function VoteScene({ vote, lastCall, now, voteUrl }: VoteSceneProps) {
  const { t } = useTranslation("kiosk");
  const { t: tVotes } = useTranslation("votes");
  const { voted, total } = vote.turnout;
  const doors = doorsOf(voted, total, mostDoors);
  return (
    <section className={styles.scene}>
      {lastCall && (
        <p className={voteStyles.lastCall} role="alert">
          {t("vote.lastCall")}
        </p>
      )}
      <p className={styles.kicker}>
        {t("vote.title")}
        <span className={voteStyles.decides}> · {decidingLine(tVotes, vote)}</span>
      </p>
      <h1 className={textWidth(vote.question) > twoLines ? voteStyles.asked : voteStyles.question}>
        {vote.question}
      </h1>
      {vote.options.length > 0 && (
        <ul className={voteStyles.options}>
          {vote.options.map((option) => (
            <li key={option.id}>{optionWord(tVotes, option)}</li>
          ))}
        </ul>
      )}
      <div className={voteStyles.now}>
        <div className={voteStyles.turnout}>
          <p>
            <strong className={styles.figure}>{voted}</strong> {t("vote.voted")}
            <span className={voteStyles.soft}> · {t("vote.of", { count: total })}</span>
          </p>
          <div className={voteStyles.doors} aria-hidden="true">
            {Array.from({ length: doors.all }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a door in the row has no identity but its place
              <span key={index} className={index < doors.full ? voteStyles.full : voteStyles.door} />
            ))}
          </div>
          <TimeLeft vote={vote} now={now} />
        </div>
        <div className={voteStyles.way}>
          <div className={voteStyles.qr}>
            <Qr ground="screen" text={voteUrl} label={t("vote.scan")} />
          </div>
          <p className={voteStyles.scan}>{t("vote.scan")}</p>
        </div>
      </div>
    </section>
  );
}

function TimeLeft({ vote, now }: { readonly vote: WallVote; readonly now: number }) {
  const { t, i18n } = useTranslation("kiosk");
  const { t: tUi } = useTranslation("ui");
  if (vote.closesAt === null) return null;
  const left = splitTimeLeft(vote.closesAt - now);
  if (left.phase === "long") {
    const date = dateText(vote.closesAt, i18n.language);
    return (
      <p className={voteStyles.left}>
        {t("vote.until", { date, time: timeText(vote.closesAt, i18n.language) })}
      </p>
    );
  }
  return (
    <p className={voteStyles.left}>
      {left.phase === "over" ? (
        tUi("timeLeft.over")
      ) : (
        <>
          {t("vote.left")} <strong className={styles.figure}>{clockText(left)}</strong>
        </>
      )}
    </p>
  );
}
