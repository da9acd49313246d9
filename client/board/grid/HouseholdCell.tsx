import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ItemLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory } from "../../ui/categories.ts";
import { classNames } from "../../ui/class-names.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Plate } from "../../ui/Plate.tsx";
import type { GridDoor } from "./grid-model.ts";
import styles from "./HouseholdCell.module.css";

interface HouseholdCellProps {
  readonly door: GridDoor;
  /** Labels beyond this are counted, not drawn. */
  readonly most?: number;
  /** "wall" keeps every cell the same size; "page" grows with what is in it. */
  readonly shape: "wall" | "page";
  readonly onOpen: (householdId: string) => void;
  /** Only where a cell opens in place. */
  readonly expanded?: boolean;
  readonly children?: ReactNode;
}

/** One household's cell: its door plate, and a paper label for each thing it lends. */
export const HouseholdCell = memo(function HouseholdCell({
  door,
  most = Number.POSITIVE_INFINITY,
  shape,
  onOpen,
  expanded,
  children,
}: HouseholdCellProps) {
  const { t } = useTranslation("board");
  const count = door.items.length;
  const rest = Math.max(0, count - most);
  const heard = [
    door.address,
    door.mine && t("grid.mine"),
    count > 0 ? t("grid.things", { count }) : t("grid.empty"),
    door.fresh.size > 0 && t("grid.fresh", { count: door.fresh.size }),
  ].filter(Boolean);
  return (
    <article
      className={classNames(
        styles.cell,
        styles[shape],
        door.mine && styles.mine,
        count === 0 && styles.empty,
      )}
      data-household={door.householdId}
    >
      <header className={styles.head}>
        <button
          type="button"
          className={styles.open}
          aria-label={heard.join("，")}
          aria-expanded={expanded}
          onClick={() => onOpen(door.householdId)}
        >
          <Plate text={door.door} size="small" />
        </button>
        {door.mine && <span className={styles.own}>{t("grid.mine")}</span>}
        {count > 0 && <span className={styles.count}>{t("grid.things", { count })}</span>}
      </header>
      {door.writing && (
        <p className={styles.writing}>
          <Icon name="pencil" />
          {t("grid.writing")}
        </p>
      )}
      {count > 0 && (
        <ul className={styles.labels}>
          {door.items.slice(0, most).map((item) => (
            <li key={item.id} className={styles.label}>
              <ItemLabel
                category={asCategory(item.category)}
                title={item.title}
                quantity={item.quantity}
                fresh={door.fresh.has(item.id)}
              />
            </li>
          ))}
          {rest > 0 && <li className={styles.rest}>{t("grid.rest", { count: rest })}</li>}
        </ul>
      )}
      {count === 0 && (
        <p className={styles.invitation}>
          {door.mine && <Icon name="plus" />}
          {door.mine ? t("grid.invitation") : t("grid.emptyMark")}
        </p>
      )}
      {children}
    </article>
  );
});
