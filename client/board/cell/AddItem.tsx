import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { addItem, type BoardRefusal, tidyLine } from "../../../shared/board/rules.ts";
import { Button } from "../../ui/Button.tsx";
import { useToast } from "../../ui/toast-context.ts";
import type { OpenBoard } from "../board-pool.ts";
import { newItemId } from "../new-item-id.ts";
import { useShowWriting } from "../use-board.ts";
import styles from "./cell.module.css";
import { ItemFields } from "./ItemFields.tsx";
import { emptyForm } from "./item-draft.ts";
import { useKeptForm } from "./use-kept-form.ts";

interface AddItemProps {
  readonly board: OpenBoard;
  readonly householdId: string;
}

/** The form with which a thing is put into a cell. A half-filled one waits until it is sent or emptied. */
export function AddItem({ board, householdId }: AddItemProps) {
  const { t } = useTranslation("board");
  const toast = useToast();
  const [form, setForm] = useKeptForm(`${board.boardId}.${householdId}`, emptyForm);
  const [refusal, setRefusal] = useState<BoardRefusal | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const begun = form.title !== "" || form.note !== "";
  useShowWriting(board, `cell:${householdId}`, begun);

  const put = (event: FormEvent) => {
    event.preventDefault();
    const { title, category, note, quantity } = form;
    const refused = board.connection.edit((doc, origin) =>
      addItem(doc, householdId, newItemId(), { title, category, note, quantity }, origin),
    );
    setRefusal(refused);
    if (refused === null) {
      setForm(emptyForm);
      toast({ text: t("item.wasPut", { title: tidyLine(title) }) });
    }
    element.current?.querySelector("input")?.focus();
  };
  return (
    <form ref={element} className={styles.form} onSubmit={put} noValidate aria-labelledby="add-item">
      <h2 id="add-item" className={styles.formTitle}>
        {t("item.add")}
      </h2>
      <ItemFields form={form} refusal={refusal} onChange={setForm} />
      <Button type="submit" kind="main" icon="plus" wide>
        {t("item.put")}
      </Button>
    </form>
  );
}
