import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Item } from "../../../shared/board/model.ts";
import { type BoardRefusal, editItem, restoreItem, tidyLine } from "../../../shared/board/rules.ts";
import { Button } from "../../ui/Button.tsx";
import { useToast } from "../../ui/toast-context.ts";
import type { OpenBoard } from "../board-pool.ts";
import { useShowWriting } from "../use-board.ts";
import styles from "./cell.module.css";
import { ItemFields } from "./ItemFields.tsx";
import { changesOf, formOf } from "./item-draft.ts";

interface ItemEditorProps {
  readonly board: OpenBoard;
  readonly householdId: string;
  /** The thing as it was when the editor was opened; what arrives later does not touch the form (INV-7). */
  readonly item: Item;
  readonly first: boolean;
  readonly last: boolean;
  readonly onDone: () => void;
  readonly onRemove: () => void;
  readonly onMove: ((step: 1 | -1) => void) | undefined;
}

/** A thing written on in its place. Only what was changed here is sent, so that two phones merge. */
export function ItemEditor({
  board,
  householdId,
  item,
  first,
  last,
  onDone,
  onRemove,
  onMove,
}: ItemEditorProps) {
  const { t } = useTranslation("board");
  const toast = useToast();
  const [form, setForm] = useState(() => formOf(item));
  const [refusal, setRefusal] = useState<BoardRefusal | null>(null);
  useShowWriting(board, `cell:${householdId}`, true);

  const save = (event: FormEvent) => {
    event.preventDefault();
    const { title, category, note, quantity } = form;
    const outcome = board.connection.edit((doc, origin) => {
      const refused = editItem(doc, householdId, item.id, changesOf(item, form), origin);
      if (refused !== "item-missing") return { refused, putBack: false };
      // Somebody took it down meanwhile; what was written here is not thrown away.
      const fields = { title, category, note, quantity, order: item.order };
      return { refused: restoreItem(doc, householdId, item.id, fields, origin), putBack: true };
    });
    setRefusal(outcome.refused);
    if (outcome.refused !== null) return;
    toast({ text: t(outcome.putBack ? "item.wasPutBack" : "item.wasChanged", { title: tidyLine(title) }) });
    onDone();
  };
  return (
    <form
      className={styles.form}
      onSubmit={save}
      noValidate
      aria-label={t("item.edit", { title: item.title })}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <ItemFields form={form} refusal={refusal} onChange={setForm} />
      <div className={styles.buttons}>
        <Button type="submit" kind="main" icon="check">
          {t("item.save")}
        </Button>
        <Button onClick={onDone}>{t("item.cancel")}</Button>
        {onMove && !first && <Button onClick={() => onMove(-1)}>{t("move.up")}</Button>}
        {onMove && !last && <Button onClick={() => onMove(1)}>{t("move.down")}</Button>}
        <Button kind="danger" onClick={onRemove}>
          {t("item.remove")}
        </Button>
      </div>
    </form>
  );
}
