import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useArea } from "../state/app.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { unbrokenDoor } from "../ui/unbroken-door.ts";
import { type BoardPart, cellRight, type Places } from "./access.ts";
import { BuildingMap } from "./BuildingMap.tsx";
import type { OpenBoard } from "./board-pool.ts";
import { ForeignCell } from "./ForeignCell.tsx";
import { type GridDoor, unitPlaces } from "./grid/grid-model.ts";
import { UnitPager } from "./grid/UnitPager.tsx";
import { WholeWall } from "./grid/WholeWall.tsx";
import { usePlaceNames, useWall } from "./use-wall.ts";
import { useWide } from "./use-wide.ts";

interface WallViewProps {
  readonly board: OpenBoard;
  readonly part: BoardPart;
  /** All buildings one may see, also those on other boards. */
  readonly buildings: Places["buildings"];
  readonly unitId: string;
  /** The household whose cell lies open. */
  readonly openId: string | undefined;
  readonly onOpen: (householdId: string | undefined) => void;
}

/** On a phone one unit at a time, on a laptop the whole wall; a compound shows one building of it. */
export function WallView({ board, part, buildings, unitId, openId, onOpen }: WallViewProps) {
  const wide = useWide();
  const [, navigate] = useLocation();
  const home = useArea("identity", ({ household }) => household);
  const names = usePlaceNames();
  const onBoard = useMemo(
    () => (part.buildingId === null ? buildings : buildings.filter(({ id }) => id === part.buildingId)),
    [buildings, part.buildingId],
  );
  const { ownCell } = part.access;
  const wall = useWall(board, onBoard, ownCell);
  const places = useMemo(
    () =>
      unitPlaces(
        buildings.map(({ id, name, units }) => ({
          id,
          name: names.building(name),
          units: units.map((unit) => ({ id: unit.id, name: names.unit(unit.name), doors: [] })),
        })),
      ),
    [buildings, names],
  );
  const move = useCallback((to: string) => navigate(`/board/at/${to}`, { replace: true }), [navigate]);
  const open = useCallback(
    (householdId: string | undefined) => {
      if (householdId !== undefined && householdId === ownCell) navigate(`/board/cell/${householdId}`);
      else onOpen(householdId);
    },
    [navigate, onOpen, ownCell],
  );
  const contents = useCallback(
    (door: GridDoor) => (
      <ForeignCell
        board={board}
        door={door}
        onBehalf={cellRight(part.access, door.householdId) === "behalf"}
      />
    ),
    [board, part.access],
  );

  if (wide) {
    return (
      <>
        {part.buildingId !== null && buildings.length > 1 && (
          <BuildingMap
            buildings={buildings}
            current={part.buildingId}
            home={home?.buildingId}
            onMove={(buildingId) => {
              const unit = buildings.find(({ id }) => id === buildingId)?.units[0];
              if (unit) move(unit.id);
            }}
          />
        )}
        <WholeWall buildings={wall} openId={openId} onOpen={open} renderOpen={contents} />
      </>
    );
  }
  const unit = wall.flatMap(({ units }) => units).find(({ id }) => id === unitId);
  const opened = wall
    .flatMap(({ units }) => units)
    .flatMap(({ doors }) => doors)
    .find(({ householdId }) => householdId === openId);
  return (
    <>
      {unit && (
        <UnitPager places={places} unit={unit} homeUnitId={home?.unitId} onMove={move} onOpen={open} />
      )}
      <CellSheet door={opened} onClose={() => onOpen(undefined)}>
        {contents}
      </CellSheet>
    </>
  );
}

interface CellSheetProps {
  readonly door: GridDoor | undefined;
  readonly onClose: () => void;
  readonly children: (door: GridDoor) => React.ReactNode;
}

function CellSheet({ door, onClose, children }: CellSheetProps) {
  const { t } = useTranslation("board");
  return (
    <Sheet
      open={door !== undefined}
      title={door ? t("cell.of", { door: unbrokenDoor(door.address) }) : ""}
      onClose={onClose}
    >
      {door && children(door)}
    </Sheet>
  );
}
