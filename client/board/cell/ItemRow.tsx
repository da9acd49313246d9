import { useTranslation } from "react-i18next";
import type { Item } from "../../../shared/board/model.ts";
import { useServerNow } from "../../state/app.tsx";
import { CategoryLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory } from "../../ui/categories.ts";
import { Icon } from "../../ui/Icon.tsx";
import { dayText } from "../../ui/moment.ts";
import { DragHandle } from "../DragHandle.tsx";
import type { useDragOrder } from "../use-drag-order.ts";
import styles from "./cell.module.css";

interface ItemRowProps {
  readonly item: Item;
  readonly fresh: boolean;
  /** Milliseconds; undefined while not known. */
  readonly addedAt: number | undefined;
  readonly handle: ReturnType<ReturnType<typeof useDragOrder>["handle"]>;
  readonly onEdit: () => void;
}

/** A thing in one's cell: pressed, it is written on; pulled by its handle, it moves. */
export function ItemRow({ item, fresh, addedAt, handle, onEdit }: ItemRowProps) {
  const { t, i18n } = useTranslation("board");
  const { t: tUi } = useTranslation("ui");
  const now = useServerNow()();
  return (
    <div className={styles.row}>
      <button type="button" className={styles.open} onClick={onEdit}>
        <span className={styles.title}>
          {item.title}
          {item.quantity > 1 && ` ×${item.quantity}`}
          {fresh && <span className={styles.fresh}> · {tUi("fresh")}</span>}
          <Icon name="pencil" />
          <span className="only-heard">{t("item.pressToEdit")}</span>
        </span>
        <CategoryLabel category={asCategory(item.category)} />
        {item.note && <span className={styles.note}>{item.note}</span>}
        {addedAt !== undefined && (
          <span className={styles.since}>
            {t("cell.since", {
              date: dayText(addedAt, now, i18n.language),
            })}
          </span>
        )}
      </button>
      <DragHandle what={item.title} {...handle} />
    </div>
  );
}
