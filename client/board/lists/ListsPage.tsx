import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ResidentPage } from "../../resident/ResidentPage.tsx";
import { Button } from "../../ui/Button.tsx";
import { EmptyInvitation } from "../../ui/EmptyInvitation.tsx";
import { LoadingLines } from "../../ui/LoadingLines.tsx";
import type { BoardPart } from "../access.ts";
import { BoardTrouble } from "../BoardTrouble.tsx";
import type { OpenBoard } from "../board-pool.ts";
import { SavedLine } from "../cell/SavedLine.tsx";
import { useBoard, useBoardStatus } from "../use-board.ts";
import { ListPaper } from "./ListPaper.tsx";
import { ListTitleSheet } from "./ListTitleSheet.tsx";
import styles from "./lists.module.css";

interface ListsPageProps {
  readonly board: BoardPart;
}

/** The shared lists of a board: what the garden needs, who brings what. */
export function ListsPage({ board: part }: ListsPageProps) {
  const { t } = useTranslation("board");
  const board = useBoard(part.id);
  const back = { href: "/board", label: t("backToBoard") };
  return board ? (
    <OpenLists board={board} part={part} back={back} />
  ) : (
    <ResidentPage title={t("lists.title")} back={back}>
      <LoadingLines what={t("loading")} />
    </ResidentPage>
  );
}

interface OpenListsProps {
  readonly board: OpenBoard;
  readonly part: BoardPart;
  readonly back: { readonly href: string; readonly label: string };
}

function OpenLists({ board, part, back }: OpenListsProps) {
  const { t } = useTranslation("board");
  const status = useBoardStatus(board);
  const [creating, setCreating] = useState(false);
  const { lists, access } = part;
  return (
    <ResidentPage title={t("lists.title")} back={back} connection={status.line}>
      <div className={styles.page}>
        <BoardTrouble board={board} />
        {lists.length === 0 && (
          <EmptyInvitation
            title={t("lists.none")}
            text={t(access.otherCells ? "lists.noneSteward" : "lists.noneText")}
          />
        )}
        {status.loaded &&
          lists.map((list) => <ListPaper key={list.id} board={board} list={list} access={access} />)}
        {!status.loaded && <LoadingLines what={t("loading")} />}
        {access.lists && lists.length > 0 && <SavedLine edits={status.edits} />}
        {access.otherCells && (
          <Button icon="plus" onClick={() => setCreating(true)}>
            {t("lists.create")}
          </Button>
        )}
      </div>
      {creating && <ListTitleSheet boardId={part.id} list={null} onClose={() => setCreating(false)} />}
    </ResidentPage>
  );
}
