import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { boardLimits } from "../../shared/board/limits.ts";
import { ResidentPage } from "../resident/ResidentPage.tsx";
import { useArea } from "../state/app.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { type BoardPart, type BoardsPart, boardOf, type Places } from "./access.ts";
import { BoardTrouble } from "./BoardTrouble.tsx";
import type { OpenBoard } from "./board-pool.ts";
import { NoticePaper } from "./notice/NoticePaper.tsx";
import { SearchResults } from "./search/SearchResults.tsx";
import { useBoard, useBoardStatus } from "./use-board.ts";
import { WallView } from "./WallView.tsx";
import styles from "./wall.module.css";

interface WallPageProps {
  readonly places: Places;
  readonly boards: BoardsPart;
  /** Where one looks; without it at home. */
  readonly unitId: string | undefined;
}

/** The board as it hangs at the gate, and the way to what is on it. */
export function WallPage({ places, boards, unitId }: WallPageProps) {
  const { t } = useTranslation("board");
  const homeUnitId = useArea("identity", ({ household }) => household?.unitId);
  const seen = places.buildings.filter((building) => boardOf(boards, building.id));
  const units = seen.flatMap((building) => building.units.map((unit) => ({ unit, building })));
  const at = (id: string | undefined) => units.find(({ unit }) => unit.id === id);
  const here = at(unitId) ?? at(homeUnitId) ?? units[0];
  const part = here && boardOf(boards, here.building.id);
  const board = useBoard(part?.id);
  if (!here || !part || !board) {
    return (
      <ResidentPage title={places.name} width="full">
        <LoadingLines what={t("loading")} />
      </ResidentPage>
    );
  }
  return (
    <OpenWall
      key={board.boardId}
      name={places.name}
      board={board}
      part={part}
      boards={boards}
      buildings={seen}
      unitId={here.unit.id}
    />
  );
}

interface OpenWallProps {
  readonly name: string;
  readonly board: OpenBoard;
  readonly part: BoardPart;
  readonly boards: BoardsPart;
  readonly buildings: Places["buildings"];
  readonly unitId: string;
}

function OpenWall({ name, board, part, boards, buildings, unitId }: OpenWallProps) {
  const { t } = useTranslation("board");
  const [, navigate] = useLocation();
  const status = useBoardStatus(board);
  const [query, setQuery] = useState("");
  const [openId, setOpenId] = useState<string | undefined>(undefined);
  const searching = query.trim() !== "";

  /** Where a thing was found: its unit comes on the screen and its cell opens. */
  const goTo = (householdId: string) => {
    const unit = buildings
      .flatMap((building) => building.units)
      .find(({ households }) => households.some(([id]) => id === householdId));
    setQuery("");
    if (unit) navigate(`/board/at/${unit.id}`, { replace: true });
    setOpenId(householdId);
  };
  return (
    <ResidentPage title={name} width="full" connection={status.line}>
      <div className={styles.page}>
        <BoardTrouble board={board} />
        <SearchField
          value={query}
          onChange={setQuery}
          label={t("search.label")}
          placeholder={t("search.placeholder")}
          clearLabel={t("search.clear")}
          maxLength={boardLimits.searchLength}
        />
        {searching && <SearchResults query={query} board={board} part={part} boards={boards} onOpen={goTo} />}
        {!searching && status.loaded && (
          <>
            <NoticePaper board={board} mayWrite={part.access.notice} />
            <nav className={styles.ways} aria-label={t("title")}>
              {part.access.ownCell !== null && (
                <ButtonLink href={`/board/cell/${part.access.ownCell}`} icon="home">
                  {t("cell.mine")}
                </ButtonLink>
              )}
              {(part.lists.length > 0 || part.access.otherCells) && (
                <ButtonLink href={`/board/lists/${part.id}`} icon="list">
                  {t("lists.link")}
                </ButtonLink>
              )}
            </nav>
            <WallView
              board={board}
              part={part}
              buildings={buildings}
              unitId={unitId}
              openId={openId}
              onOpen={setOpenId}
            />
          </>
        )}
        {!searching && !status.loaded && (
          <LoadingLines what={t(status.line === "offline" ? "loadingOffline" : "loading")} />
        )}
      </div>
    </ResidentPage>
  );
}
