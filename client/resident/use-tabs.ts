import { useTranslation } from "react-i18next";
import { useAppState } from "../state/app.tsx";
import type { Tab } from "../ui/Tabs.tsx";

/** The four places of a resident, with what waits at each. */
export function useTabs(): readonly Tab[] {
  const { t } = useTranslation("ui");
  const unread = useAppState(
    ({ areas }) =>
      areas?.chat.channels.reduce((sum, { lastSeq, seenSeq }) => sum + Math.max(0, lastSeq - seenSeq), 0) ??
      0,
  );
  const open = useAppState(({ areas }) => {
    if (!areas) return false;
    const { proposals, mine } = areas.proposals;
    // A vote waits while it is open and this household has not cast its ballot in this round.
    return proposals.some(
      ({ state, proposalId, round }) =>
        state === "open" &&
        mine.some(
          (own) => own.proposalId === proposalId && own.round === round && own.onRegister && !own.ballot,
        ),
    );
  });
  return [
    { href: "/board", text: t("resident.tab.board"), icon: "board" },
    { href: "/votes", text: t("resident.tab.votes"), icon: "votes", waiting: open },
    { href: "/chat", text: t("resident.tab.chat"), icon: "chat", waiting: unread },
    { href: "/home", text: t("resident.tab.home"), icon: "home" },
  ];
}
