import { useTranslation } from "react-i18next";
import { Select } from "../../ui/Select.tsx";
import { ChipRow } from "./ChipRow.tsx";
import type { UnitPlace } from "./grid-model.ts";
import styles from "./PlaceChips.module.css";

/** More buildings than a thumb wants to scroll through are picked from the phone's own list. */
const mostChips = 8;

interface PlaceChipsProps {
  readonly places: readonly UnitPlace[];
  readonly unitId: string;
  readonly homeUnitId: string | undefined;
  readonly onMove: (unitId: string) => void;
}

/** Where in the courtyard one is looking, and the quick way elsewhere. */
export function PlaceChips({ places, unitId, homeUnitId, onMove }: PlaceChipsProps) {
  const { t } = useTranslation("board");
  const here = places.find((place) => place.unitId === unitId);
  const home = places.find((place) => place.unitId === homeUnitId);
  const buildings = places.filter(
    (place, index) => places.findIndex((other) => other.buildingId === place.buildingId) === index,
  );
  const units = places.filter((place) => place.buildingId === here?.buildingId);
  const moveToBuilding = (buildingId: string) => {
    // Going to one's own building means going home.
    const target =
      home?.buildingId === buildingId ? home : buildings.find((b) => b.buildingId === buildingId);
    if (target) onMove(target.unitId);
  };
  return (
    <nav className={styles.chips} aria-label={t("grid.places")}>
      {buildings.length > mostChips ? (
        <Select
          label={t("grid.building")}
          labelHidden
          value={here?.buildingId ?? ""}
          choices={buildings.map((building) => ({
            value: building.buildingId,
            text:
              building.buildingId === home?.buildingId
                ? t("grid.withHome", { name: building.buildingName })
                : building.buildingName,
          }))}
          onChange={moveToBuilding}
        />
      ) : (
        buildings.length > 1 && (
          <ChipRow
            chips={buildings.map((building) => ({
              id: building.buildingId,
              text: building.buildingName,
              home: building.buildingId === home?.buildingId,
            }))}
            current={here?.buildingId}
            onPick={moveToBuilding}
          />
        )
      )}
      {units.length > 1 && (
        <ChipRow
          chips={units.map((unit) => ({
            id: unit.unitId,
            text: unit.unitName,
            home: unit.unitId === homeUnitId,
          }))}
          current={unitId}
          onPick={onMove}
        />
      )}
    </nav>
  );
}
