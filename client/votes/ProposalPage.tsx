import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { useAppState, useArea, useWire } from "../state/app.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { ProposalSheet } from "./ProposalSheet.tsx";
import type { Mine } from "./reducer.ts";

interface ProposalPageProps {
  readonly proposalId: string;
}

type Fetched = { proposal: ProposalView; mine: Mine | null };

/** A vote by its id: from the live picture, or fetched when it is older than that. */
export function ProposalPage({ proposalId }: ProposalPageProps) {
  const { t } = useTranslation("votes");
  const wire = useWire();
  const online = useAppState(({ status }) => status === "online");
  const live = useArea("proposals", (part) => part.proposals.find((p) => p.proposalId === proposalId));
  const mine = useArea("proposals", (part) => part.mine.find((m) => m.proposalId === proposalId));
  const [fetched, setFetched] = useState<Fetched | "wait" | "missing">("wait");

  const isLive = live !== undefined;
  useEffect(() => {
    if (isLive || !online) return;
    let gone = false;
    wire.ask("proposal.read", { proposalId }).then((answer) => {
      if (gone) return;
      if (answer.ok) setFetched(answer.value);
      else if (answer.error.code === "not-found") setFetched("missing");
    });
    return () => {
      gone = true;
    };
  }, [isLive, online, proposalId, wire]);

  if (live) {
    // A new round is a new paper: nothing of the old one is carried over.
    return <ProposalSheet key={live.round} proposal={live} mine={mine ?? null} />;
  }
  if (fetched === "wait") return <LoadingLines what={t("wait")} />;
  if (fetched === "missing") return <EmptyInvitation title={t("notFound.title")} text={t("notFound.text")} />;
  return <ProposalSheet proposal={fetched.proposal} mine={fetched.mine} />;
}
