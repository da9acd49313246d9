import { useTranslation } from "react-i18next";
import { Route, Switch } from "wouter";
import { ResidentPage } from "../resident/ResidentPage.tsx";
import { ProposalPage } from "./ProposalPage.tsx";
import { VoteList } from "./VoteList.tsx";

/** The tab of the votes: the list, and each vote on a sheet of its own. */
export function VotesPage() {
  const { t } = useTranslation("votes");
  return (
    <Switch>
      <Route path="/votes/:proposalId">
        {({ proposalId }) => (
          <ResidentPage title={t("title")} back={{ href: "/votes", label: t("back") }}>
            <ProposalPage key={proposalId} proposalId={proposalId} />
          </ResidentPage>
        )}
      </Route>
      <Route>
        <ResidentPage title={t("title")}>
          <VoteList />
        </ResidentPage>
      </Route>
    </Switch>
  );
}
