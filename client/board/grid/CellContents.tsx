import { useTranslation } from "react-i18next";
import { CategoryLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory } from "../../ui/categories.ts";
import styles from "./CellContents.module.css";
import type { GridDoor } from "./grid-model.ts";

interface CellContentsProps {
  readonly door: GridDoor;
}

/** Everything a household lends, read in full: title, how many, category, note. */
export function CellContents({ door }: CellContentsProps) {
  const { t } = useTranslation("board");
  const { t: tUi } = useTranslation("ui");
  if (door.items.length === 0) {
    return <p className={styles.empty}>{door.mine ? t("grid.invitation") : t("grid.emptyLong")}</p>;
  }
  return (
    <ul className={styles.items}>
      {door.items.map((item) => (
        <li key={item.id} className={styles.item}>
          <p className={styles.title}>
            {item.title}
            {item.quantity > 1 && ` ×${item.quantity}`}
            {door.fresh.has(item.id) && <span className={styles.fresh}> · {tUi("fresh")}</span>}
          </p>
          <CategoryLabel category={asCategory(item.category)} />
          {item.note && <p className={styles.note}>{item.note}</p>}
        </li>
      ))}
    </ul>
  );
}
