import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { HouseholdBallot, ProposalOption } from "../../shared/proposals/model.ts";
import { useArea } from "../state/app.tsx";
import { Icon } from "../ui/Icon.tsx";
import { isNamedLike, optionWord, whenText } from "./vote-words.ts";
import styles from "./votes.module.css";

interface HomeBallotProps {
  readonly ballot: HouseholdBallot;
  /** What this phone cast, when the ballot that counts is its own. */
  readonly here: ProposalOption | undefined;
  readonly now: number;
}

/** That the household voted, who of it did, and the receipt. How, only on the phone that did. */
export function HomeBallot({ ballot, here, now }: HomeBallotProps) {
  const { t, i18n } = useTranslation("votes");
  const myName = useArea("identity", (me) => me.displayName);
  const time = whenText(t, ballot.at, now, i18n.language);
  const paper = useRef<HTMLElement>(null);
  const isOwn = here !== undefined;
  const seen = useRef(isOwn ? ballot.receipt : null);
  useEffect(() => {
    // Only what this person just did may move the page.
    if (isOwn && seen.current !== ballot.receipt) paper.current?.scrollIntoView({ block: "nearest" });
    if (isOwn) seen.current = ballot.receipt;
  }, [isOwn, ballot.receipt]);
  return (
    <section ref={paper} className={styles.receipt} aria-live="polite">
      <p className={styles.counted}>
        <Icon name="check" />
        {isOwn || isNamedLike(ballot, myName)
          ? t("mine.votedByMe", { time })
          : t("mine.voted", { by: ballot.by, time })}
      </p>
      {here && <p>{t("mine.here", { option: optionWord(t, here) })}</p>}
      <p>
        {t("mine.receipt")} <strong className={styles.code}>{ballot.receipt}</strong>
      </p>
      <p className={styles.quiet}>{t("mine.receiptHint")}</p>
    </section>
  );
}
