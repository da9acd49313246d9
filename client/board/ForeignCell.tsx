import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { ButtonLink } from "../ui/Button.tsx";
import type { OpenBoard } from "./board-pool.ts";
import { CellContents } from "./grid/CellContents.tsx";
import type { GridDoor } from "./grid/grid-model.ts";
import { useItemTimes } from "./use-item-times.ts";
import { useMarkSeen } from "./use-mark-seen.ts";
import styles from "./wall.module.css";

interface ForeignCellProps {
  readonly board: OpenBoard;
  readonly door: GridDoor;
  /** A steward may write here for the household. */
  readonly onBehalf: boolean;
}

/** A neighbour's cell, read in full. */
export function ForeignCell({ board, door, onBehalf }: ForeignCellProps) {
  const { t } = useTranslation("board");
  const times = useItemTimes(board.boardId, door.householdId, door.items);
  useMarkSeen(board, door.householdId);
  return (
    <>
      <CellContents door={door} addedAt={times} />
      {door.items.length > 0 && (
        <Link href="/chat" className={styles.borrow}>
          {t("cell.borrow")}
        </Link>
      )}
      {onBehalf && (
        <ButtonLink href={`/board/cell/${door.householdId}`} icon="pencil" wide>
          {t("cell.writeFor", { door: door.address })}
        </ButtonLink>
      )}
    </>
  );
}
