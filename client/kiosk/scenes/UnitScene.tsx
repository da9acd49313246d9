import { useTranslation } from "react-i18next";
import type { WallDoor } from "../../../shared/kiosk/model.ts";
import { ItemLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory } from "../../ui/categories.ts";
import { Plate } from "../../ui/Plate.tsx";
import { labelsThatFit, roomOf } from "../label-fit.ts";
import { unitLayout, unitPages } from "../unit-pages.ts";
import { usePortrait } from "../use-portrait.ts";
import type { WallState } from "../wall-state.ts";
import styles from "./scenes.module.css";
import unitStyles from "./unit.module.css";

interface UnitSceneProps {
  readonly state: WallState;
  readonly unitId: string;
  readonly page: number;
}

/** One unit of the house, or a part of it: plates and paper labels as on the board at the gate. */
export function UnitScene({ state, unitId, page }: UnitSceneProps) {
  const { t } = useTranslation("kiosk");
  const portrait = usePortrait();
  const building = state.view?.buildings.find(({ units }) => units.some((unit) => unit.unitId === unitId));
  const unit = building?.units.find((one) => one.unitId === unitId);
  const pages = unitPages(state.units[unitId] ?? []);
  const doors = pages[page] ?? pages[0] ?? [];
  const { grid, columns } = unitLayout(doors, portrait);
  const room = roomOf(grid, portrait);
  return (
    <section className={styles.scene}>
      <header className={styles.head}>
        <h1 className={styles.title}>
          {t("unit.name", { building: building?.name ?? "", unit: unit?.name ?? "" })}
        </h1>
        <p className={styles.aside}>
          {t("unit.things", { count: unit?.things ?? 0 })}
          {pages.length > 1 && ` · ${t("unit.page", { page: page + 1, pages: pages.length })}`}
        </p>
      </header>
      <ul
        className={unitStyles.grid}
        style={{
          gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
          gridTemplateRows: `repeat(${grid.rows}, minmax(0, 1fr))`,
        }}
      >
        {doors.map((door, index) => (
          <DoorCell
            key={door.householdId}
            door={door}
            column={columns?.[index]}
            count={labelsThatFit(door.labels, room)}
          />
        ))}
      </ul>
    </section>
  );
}

interface DoorCellProps {
  readonly door: WallDoor;
  /** Where in its row it lies, from 1; without it next to the one before. */
  readonly column: number | undefined;
  /** Labels that have room. */
  readonly count: number;
}

function DoorCell({ door, column, count }: DoorCellProps) {
  const { t } = useTranslation("kiosk");
  const rest = door.labels.length - count;
  return (
    <li className={unitStyles.door} style={{ gridColumnStart: column }}>
      <Plate text={door.door} />
      {door.labels.length === 0 ? (
        <p className={unitStyles.empty}>{t("unit.empty")}</p>
      ) : (
        <div className={unitStyles.labels}>
          {door.labels.slice(0, count).map(({ title, category, quantity }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a label on the wall has no identity but its place
            <ItemLabel key={index} title={title} category={asCategory(category)} quantity={quantity} />
          ))}
          {rest > 0 && <span className={unitStyles.rest}>{t("unit.rest", { count: rest })}</span>}
        </div>
      )}
    </li>
  );
}
