import { useTranslation } from "react-i18next";
import { useServerNow } from "../../state/app.tsx";
import { CategoryLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory } from "../../ui/categories.ts";
import { classNames } from "../../ui/class-names.ts";
import { dayText } from "../../ui/moment.ts";
import styles from "./CellContents.module.css";
import type { GridDoor } from "./grid-model.ts";

interface CellContentsProps {
  readonly door: GridDoor;
  /** When each thing was put there, milliseconds, as far as it is known. */
  readonly addedAt?: ReadonlyMap<string, number>;
}

/** Everything a household lends, read in full: title, how many, category, note. */
export function CellContents({ door, addedAt }: CellContentsProps) {
  const { t, i18n } = useTranslation("board");
  const { t: tUi } = useTranslation("ui");
  const now = useServerNow()();
  if (door.items.length === 0) {
    return <p className={styles.empty}>{door.mine ? t("grid.invitation") : t("grid.emptyLong")}</p>;
  }
  return (
    <ul className={styles.items}>
      {door.items.map((item) => {
        const at = addedAt?.get(item.id);
        return (
          <li key={item.id} className={styles.item}>
            <p className={styles.title}>
              {item.title}
              {item.quantity > 1 && ` ×${item.quantity}`}
              {door.fresh.has(item.id) && <span className={styles.fresh}> · {tUi("fresh")}</span>}
            </p>
            <CategoryLabel category={asCategory(item.category)} />
            {item.note && <p className={styles.note}>{item.note}</p>}
            {addedAt && (
              <p className={classNames(styles.note, styles.since)}>
                {at !== undefined && t("cell.since", { date: dayText(at, now, i18n.language) })}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
