import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ProposalView, proposalLimits } from "../../shared/proposals/model.ts";
import { useArea, useWire } from "../state/app.tsx";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { VoteCard } from "./VoteCard.tsx";
import { inOrder } from "./vote-order.ts";
import styles from "./votes.module.css";

/** Open votes first, then the finished ones, as far back as one likes. */
export function VoteList() {
  const { t } = useTranslation("votes");
  const part = useArea("proposals", (proposals) => proposals);
  const mayLead = useArea("identity", (me) => me.abilities.includes("proposal.write"));
  const { open, finished } = useMemo(() => inOrder(part.proposals), [part.proposals]);
  const older = useOlder(finished);
  const voted = (id: string, round: number) =>
    part.mine.some((mine) => mine.proposalId === id && mine.round === round && mine.ballot !== null);
  return (
    <div className={styles.list}>
      {mayLead && (
        <ButtonLink href="/facilitate" icon="votes">
          {t("lead")}
        </ButtonLink>
      )}
      {open.length === 0 && <EmptyInvitation title={t("none.title")} text={t("none.text")} />}
      {open.length > 0 && (
        <section>
          <h2 className={styles.heading}>{t("open")}</h2>
          <ul className={styles.cards}>
            {open.map((proposal) => (
              <VoteCard
                key={proposal.proposalId}
                proposal={proposal}
                voted={voted(proposal.proposalId, proposal.round)}
              />
            ))}
          </ul>
        </section>
      )}
      {finished.length > 0 && (
        <section>
          <h2 className={styles.heading}>{t("finished")}</h2>
          <ul className={styles.cards}>
            {[...finished, ...older.proposals].map((proposal) => (
              <VoteCard key={proposal.proposalId} proposal={proposal} voted={false} />
            ))}
          </ul>
          {older.more && (
            <Button wide busy={older.busy} onClick={older.fetch}>
              {t(older.busy ? "olderWait" : "older")}
            </Button>
          )}
        </section>
      )}
    </div>
  );
}

/** Finished votes older than the live picture, fetched page by page. */
function useOlder(finished: readonly ProposalView[]) {
  const wire = useWire();
  const [proposals, setProposals] = useState<readonly ProposalView[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const [busy, setBusy] = useState(false);
  const fetch = async () => {
    const last = proposals.at(-1) ?? finished.at(-1);
    if (!last) return;
    setBusy(true);
    const before = { openedAt: last.openedAt ?? 0, proposalId: last.proposalId };
    const answer = await wire.ask("proposal.older", { before });
    setBusy(false);
    if (!answer.ok) return;
    const page = answer.value;
    setProposals((known) => [...known, ...page.proposals]);
    setMore(page.more);
  };
  // A live picture that is not full has no older ones behind it.
  return { proposals, more: more ?? finished.length >= proposalLimits.recent, busy, fetch };
}
