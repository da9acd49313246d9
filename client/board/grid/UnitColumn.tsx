import { type CSSProperties, memo, type ReactNode, useCallback, useMemo } from "react";
import { classNames } from "../../ui/class-names.ts";
import { CellContents } from "./CellContents.tsx";
import { floorOf, type GridDoor, type GridUnit, houseFront } from "./grid-model.ts";
import { HouseholdCell } from "./HouseholdCell.tsx";
import { OpenCell } from "./OpenCell.tsx";
import styles from "./WholeWall.module.css";

interface UnitColumnProps {
  readonly unit: GridUnit;
  readonly buildingName: string;
  /** Set only when the open cell is one of this unit's: so the other columns are not drawn anew. */
  readonly openId: string | undefined;
  readonly onOpen: (householdId: string | undefined) => void;
  readonly renderOpen: ((door: GridDoor) => ReactNode) | undefined;
}

/** A unit's doors from the top floor down. Off the screen it costs nothing: its height is known beforehand. */
export const UnitColumn = memo(function UnitColumn({
  unit,
  buildingName,
  openId,
  onOpen,
  renderOpen,
}: UnitColumnProps) {
  const doors = useMemo(() => houseFront(unit.doors), [unit.doors]);
  const toggle = useCallback(
    (householdId: string) => onOpen(householdId === openId ? undefined : householdId),
    [onOpen, openId],
  );
  const rows: CSSProperties & { "--rows": number } = { "--rows": doors.length };
  return (
    <section
      className={classNames(styles.unit, openId !== undefined && styles.withOpen)}
      style={rows}
      aria-label={`${buildingName} ${unit.name}`}
    >
      <h3 className={styles.unitName}>
        <span className={styles.ofBuilding}>{buildingName}</span> <span>{unit.name}</span>
      </h3>
      {doors.map((door, index) => {
        const above = doors[index - 1];
        const newFloor = above !== undefined && floorOf(above.door) !== floorOf(door.door);
        return (
          <div key={door.householdId} className={classNames(styles.slot, newFloor && styles.newFloor)}>
            <HouseholdCell door={door} shape="wall" onOpen={toggle} expanded={door.householdId === openId} />
            {door.householdId === openId && (
              <OpenCell door={door} onClose={() => onOpen(undefined)}>
                {renderOpen ? renderOpen(door) : <CellContents door={door} />}
              </OpenCell>
            )}
          </div>
        );
      })}
    </section>
  );
});
