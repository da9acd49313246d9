import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon.tsx";
import type { Places } from "./access.ts";
import { usePlaceNames } from "./use-wall.ts";
import styles from "./wall.module.css";

interface BuildingMapProps {
  readonly buildings: Places["buildings"];
  readonly current: string;
  readonly home: string | undefined;
  readonly onMove: (buildingId: string) => void;
}

/** All buildings of a compound at a glance; one press away from each other. */
export function BuildingMap({ buildings, current, home, onMove }: BuildingMapProps) {
  const { t } = useTranslation("board");
  const names = usePlaceNames();
  return (
    <nav className={styles.map} aria-label={t("grid.building")}>
      {buildings.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          className={styles.building}
          aria-current={id === current ? "true" : undefined}
          onClick={() => onMove(id)}
        >
          {id === home && <Icon name="home" />}
          {names.building(name)}
          {id === home && <span className="only-heard">{t("grid.mine")}</span>}
        </button>
      ))}
    </nav>
  );
}
