import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../../../shared/board/model.ts";
import { moveItem, removeItem, restoreItem } from "../../../shared/board/rules.ts";
import { EmptyInvitation } from "../../ui/EmptyInvitation.tsx";
import { useToast } from "../../ui/toast-context.ts";
import type { OpenBoard } from "../board-pool.ts";
import { useCell, useOthersWriting } from "../use-board.ts";
import { useDragOrder } from "../use-drag-order.ts";
import { useItemTimes } from "../use-item-times.ts";
import { useMarkSeen } from "../use-mark-seen.ts";
import { useSteadyOrder } from "../use-steady-order.ts";
import styles from "./cell.module.css";
import { ItemEditor } from "./ItemEditor.tsx";
import { ItemRow } from "./ItemRow.tsx";

interface ItemListProps {
  readonly board: OpenBoard;
  readonly householdId: string;
  readonly own: boolean;
}

/** The things in a cell one may write in. */
export function ItemList({ board, householdId, own }: ItemListProps) {
  const { t } = useTranslation("board");
  const toast = useToast();
  const items = useCell(board, householdId);
  const others = useOthersWriting(board, `cell:${householdId}`);
  const times = useItemTimes(board.boardId, householdId, items);
  const [editing, setEditing] = useState<Item | undefined>(undefined);
  const shown = useSteadyOrder(items, editing !== undefined, editing);
  const fresh = board.view.fresh(householdId);
  useMarkSeen(board, householdId);

  const move = (itemId: string, beforeId: string | null) =>
    void board.connection.edit((doc, origin) => moveItem(doc, householdId, itemId, beforeId, origin));
  const order = useDragOrder(
    shown.map(({ id }) => id),
    move,
  );
  const remove = ({ id, ...fields }: Item) => {
    setEditing(undefined);
    board.connection.edit((doc, origin) => removeItem(doc, householdId, id, origin));
    toast({
      text: t("item.wasRemoved", { title: fields.title }),
      undo: {
        label: t("item.putBack"),
        act: () =>
          void board.connection.edit((doc, origin) => restoreItem(doc, householdId, id, fields, origin)),
      },
    });
  };

  if (shown.length === 0) {
    return <EmptyInvitation title={t(own ? "cell.empty" : "cell.emptyFor")} text={t("cell.emptyHint")} />;
  }
  return (
    <section aria-label={t("cell.things")}>
      {others && <p className={styles.others}>{t("cell.othersWriting")}</p>}
      <ul ref={order.container} className={styles.items}>
        {shown.map((item, index) => (
          <li
            key={item.id}
            className={styles.item}
            style={order.drag?.id === item.id ? { transform: `translateY(${order.drag.dy}px)` } : undefined}
            data-dragged={order.drag?.id === item.id || undefined}
          >
            {editing?.id === item.id ? (
              <ItemEditor
                board={board}
                householdId={householdId}
                item={editing}
                onDone={() => setEditing(undefined)}
                onRemove={() => remove(item)}
                onMove={
                  items.length > 1
                    ? (step) => {
                        setEditing(undefined);
                        order.moveBy(item.id, step);
                      }
                    : undefined
                }
                first={index === 0}
                last={index === shown.length - 1}
              />
            ) : (
              <ItemRow
                item={item}
                fresh={fresh.has(item.id)}
                addedAt={times.get(item.id)}
                handle={order.handle(item.id)}
                onEdit={() => setEditing(item)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
