import { useTranslation } from "react-i18next";
import { Redirect, Route, Switch } from "wouter";
import { ResidentPage } from "../resident/ResidentPage.tsx";
import { useArea } from "../state/app.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { CellPage } from "./cell/CellPage.tsx";
import { ListsPage } from "./lists/ListsPage.tsx";
import { WallPage } from "./WallPage.tsx";

/** The tab of the board: the wall, a cell one writes in, the shared lists. */
export function BoardPage() {
  const boards = useArea("board", (part) => part.boards);
  const places = useArea("community", (part) => part.places);
  if (!places || boards.length === 0 || places.buildings.length === 0) return <NoBoard />;
  return (
    <Switch>
      <Route path="/board/cell/:householdId">
        {({ householdId }) => (
          <CellPage key={householdId} places={places} boards={boards} householdId={householdId} />
        )}
      </Route>
      <Route path="/board/lists/:boardId">
        {({ boardId }) => {
          const board = boards.find(({ id }) => id === boardId);
          return board ? <ListsPage key={boardId} board={board} /> : <Redirect to="/board" replace />;
        }}
      </Route>
      <Route path="/board/at/:unitId">
        {({ unitId }) => <WallPage places={places} boards={boards} unitId={unitId} />}
      </Route>
      <Route>
        <WallPage places={places} boards={boards} unitId={undefined} />
      </Route>
    </Switch>
  );
}

/** Someone is in, but there is no courtyard yet, or none of theirs. */
function NoBoard() {
  const { t } = useTranslation("board");
  const canSetUp = useArea("identity", ({ abilities }) => abilities.includes("import.run"));
  return (
    <ResidentPage title={t("title")}>
      <EmptyInvitation title={t("noBoard.title")} text={t(canSetUp ? "noBoard.setUp" : "noBoard.text")}>
        {canSetUp && (
          <ButtonLink kind="main" href="/office">
            {t("noBoard.office")}
          </ButtonLink>
        )}
      </EmptyInvitation>
    </ResidentPage>
  );
}
