import { type CSSProperties, memo, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Plate } from "../../ui/Plate.tsx";
import { countLending, type GridBuilding, type GridDoor } from "./grid-model.ts";
import { UnitColumn } from "./UnitColumn.tsx";
import styles from "./WholeWall.module.css";

interface WholeWallProps {
  readonly buildings: readonly GridBuilding[];
  /** The household whose cell lies open. */
  readonly openId: string | undefined;
  readonly onOpen: (householdId: string | undefined) => void;
  /** What an open cell shows; by default everything in it, to read. */
  readonly renderOpen?: (door: GridDoor) => ReactNode;
}

/** The wall as it hangs at the gate: buildings side by side, units as columns, doors as rows. */
export function WholeWall({ buildings, openId, onOpen, renderOpen }: WholeWallProps) {
  // Every frame has room for the widest building, so that all cells of the wall are of one size.
  const units: CSSProperties & { "--units": number } = {
    "--units": Math.max(1, ...buildings.map((building) => building.units.length)),
  };
  return (
    <div className={styles.wall} style={units}>
      {buildings.map((building) => (
        <BuildingFrame
          key={building.id}
          building={building}
          openId={openId !== undefined && holds(building, openId) ? openId : undefined}
          onOpen={onOpen}
          renderOpen={renderOpen}
        />
      ))}
    </div>
  );
}

const holds = (building: GridBuilding, householdId: string): boolean =>
  building.units.some((unit) => unit.doors.some((door) => door.householdId === householdId));

interface BuildingFrameProps extends Omit<WholeWallProps, "buildings"> {
  readonly building: GridBuilding;
}

/** Drawn anew only when something in this building has changed. */
const BuildingFrame = memo(function BuildingFrame({
  building,
  openId,
  onOpen,
  renderOpen,
}: BuildingFrameProps) {
  const { t } = useTranslation("board");
  const doors = useMemo(() => building.units.flatMap((unit) => unit.doors), [building]);
  const { lending, items } = countLending(doors);
  return (
    <section className={styles.building} aria-labelledby={`building-${building.id}`}>
      <header className={styles.head}>
        <h2 id={`building-${building.id}`}>
          <Plate text={building.name} />
        </h2>
        <p>{t("grid.lending", { count: lending, of: doors.length, items })}</p>
      </header>
      <div className={styles.units}>
        {building.units.map((unit) => (
          <UnitColumn
            key={unit.id}
            unit={unit}
            buildingName={building.name}
            openId={unit.doors.some((door) => door.householdId === openId) ? openId : undefined}
            onOpen={onOpen}
            renderOpen={renderOpen}
          />
        ))}
      </div>
    </section>
  );
});
