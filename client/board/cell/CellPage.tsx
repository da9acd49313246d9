import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Redirect } from "wouter";
import { ResidentPage } from "../../resident/ResidentPage.tsx";
import { Banner } from "../../ui/Banner.tsx";
import { Button } from "../../ui/Button.tsx";
import { LoadingLines } from "../../ui/LoadingLines.tsx";
import { unbrokenDoor } from "../../ui/unbroken-door.ts";
import { type BoardsPart, boardOf, cellRight, doorsOf, type Places } from "../access.ts";
import { BoardTrouble } from "../BoardTrouble.tsx";
import type { OpenBoard } from "../board-pool.ts";
import { HistorySheet } from "../history/HistorySheet.tsx";
import { useBoard, useBoardStatus } from "../use-board.ts";
import { AddItem } from "./AddItem.tsx";
import styles from "./cell.module.css";
import { ItemList } from "./ItemList.tsx";
import { SavedLine } from "./SavedLine.tsx";

interface CellPageProps {
  readonly places: Places;
  readonly boards: BoardsPart;
  readonly householdId: string;
}

/** A cell one may write in: one's own, or a neighbour's on their behalf. */
export function CellPage({ places, boards, householdId }: CellPageProps) {
  const { t } = useTranslation("board");
  const door = doorsOf(places).get(householdId);
  const part = door && boardOf(boards, door.buildingId);
  const board = useBoard(part?.id);
  if (!door || !part) return <Redirect to="/board" replace />;
  const right = cellRight(part.access, householdId);
  if (right === "look") return <Redirect to={`/board/at/${door.unitId}`} replace />;
  const back = { href: `/board/at/${door.unitId}`, label: t("backToBoard") };
  if (!board) {
    return (
      <ResidentPage title={unbrokenDoor(door.address)} back={back}>
        <LoadingLines what={t("loading")} />
      </ResidentPage>
    );
  }
  return (
    <OpenCellPage
      board={board}
      householdId={householdId}
      address={door.address}
      own={right === "own"}
      back={back}
    />
  );
}

interface OpenCellPageProps {
  readonly board: OpenBoard;
  readonly householdId: string;
  readonly address: string;
  readonly own: boolean;
  readonly back: { readonly href: string; readonly label: string };
}

function OpenCellPage({ board, householdId, address, own, back }: OpenCellPageProps) {
  const { t } = useTranslation("board");
  const status = useBoardStatus(board);
  const [history, setHistory] = useState(false);
  return (
    <ResidentPage
      title={t(own ? "cell.own" : "cell.of", { door: unbrokenDoor(address) })}
      back={back}
      connection={status.line}
    >
      <div className={styles.page}>
        {!own && <Banner icon="pencil" text={t("cell.behalf", { door: address })} />}
        <BoardTrouble board={board} />
        {status.loaded ? (
          <>
            <ItemList board={board} householdId={householdId} own={own} />
            <AddItem board={board} householdId={householdId} />
            <footer className={styles.foot}>
              <SavedLine edits={status.edits} own={own} />
              <Button icon="clock" onClick={() => setHistory(true)}>
                {t("history.link")}
              </Button>
            </footer>
          </>
        ) : (
          <LoadingLines what={t(status.line === "offline" ? "loadingOffline" : "loading")} />
        )}
      </div>
      <HistorySheet
        open={history}
        board={board}
        of={{ place: "cell", householdId }}
        onClose={() => setHistory(false)}
      />
    </ResidentPage>
  );
}
