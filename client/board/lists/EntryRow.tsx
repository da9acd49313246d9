import { useTranslation } from "react-i18next";
import type { ListEntry } from "../../../shared/board/model.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { DragHandle } from "../DragHandle.tsx";
import type { useDragOrder } from "../use-drag-order.ts";
import styles from "./lists.module.css";

interface EntryRowProps {
  readonly entry: ListEntry;
  readonly mayWrite: boolean;
  readonly handle: ReturnType<ReturnType<typeof useDragOrder>["handle"]>;
  readonly onTick: (done: boolean) => void;
  readonly onEdit: () => void;
}

/** A line of a list: ticked by a press anywhere on it. */
export function EntryRow({ entry, mayWrite, handle, onTick, onEdit }: EntryRowProps) {
  const { t } = useTranslation("board");
  return (
    <div className={styles.row}>
      <label className={styles.tick}>
        <input
          type="checkbox"
          className={styles.box}
          checked={entry.done}
          disabled={!mayWrite}
          onChange={(event) => onTick(event.target.checked)}
        />
        <span className={classNames(styles.text, entry.done && styles.done)}>{entry.text}</span>
      </label>
      {mayWrite && (
        <>
          <IconButton icon="pencil" label={t("entry.edit", { text: entry.text })} onClick={onEdit} />
          <DragHandle what={entry.text} {...handle} />
        </>
      )}
    </div>
  );
}
