import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button.tsx";
import { type GridUnit, houseFront, neighbourUnit, type UnitPlace } from "./grid-model.ts";
import { HouseholdCell } from "./HouseholdCell.tsx";
import { PlaceChips } from "./PlaceChips.tsx";
import { useSwipe } from "./swipe.ts";
import styles from "./UnitPager.module.css";

/** Labels a cell shows on a phone before it says "and 3 more". */
const mostLabels = 4;

interface UnitPagerProps {
  /** Every unit one may look at, in walking order. */
  readonly places: readonly UnitPlace[];
  readonly unit: GridUnit;
  /** The unit one lives in is marked, so that the way home is always seen. */
  readonly homeUnitId: string | undefined;
  readonly onMove: (unitId: string) => void;
  readonly onOpen: (householdId: string) => void;
}

/** One unit at a time, for a phone: chips or a swipe lead to the next door, unit or building. */
export function UnitPager({ places, unit, homeUnitId, onMove, onOpen }: UnitPagerProps) {
  const { t } = useTranslation("board");
  const back = neighbourUnit(places, unit.id, -1);
  const on = neighbourUnit(places, unit.id, 1);
  const swipe = useSwipe((step) => {
    const next = step === 1 ? on : back;
    if (next) onMove(next.unitId);
  });
  return (
    <div className={styles.pager}>
      <PlaceChips places={places} unitId={unit.id} homeUnitId={homeUnitId} onMove={onMove} />
      <section className={styles.unit} aria-label={unit.name} {...swipe}>
        {houseFront(unit.doors).map((door) => (
          <HouseholdCell key={door.householdId} door={door} shape="page" most={mostLabels} onOpen={onOpen} />
        ))}
      </section>
      <nav className={styles.steps} aria-label={t("grid.steps")}>
        {back && (
          <Button icon="back" onClick={() => onMove(back.unitId)}>
            {back.buildingName} {back.unitName}
          </Button>
        )}
        {on && (
          <span className={styles.on}>
            <Button icon="forward" onClick={() => onMove(on.unitId)}>
              {on.buildingName} {on.unitName}
            </Button>
          </span>
        )}
      </nav>
    </div>
  );
}
