import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { boardLimits } from "../../../shared/board/limits.ts";
import { addEntry } from "../../../shared/board/list-rules.ts";
import type { BoardRefusal } from "../../../shared/board/rules.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import type { OpenBoard } from "../board-pool.ts";
import { useKeptForm } from "../cell/use-kept-form.ts";
import { newItemId } from "../new-item-id.ts";
import { useShowWriting } from "../use-board.ts";
import styles from "./lists.module.css";

interface AddEntryProps {
  readonly board: OpenBoard;
  readonly listId: string;
  readonly title: string;
}

const empty = { text: "" };

/** One more line for a shared list. */
export function AddEntry({ board, listId, title }: AddEntryProps) {
  const { t } = useTranslation("board");
  const [form, setForm] = useKeptForm(listId, empty);
  const [refusal, setRefusal] = useState<BoardRefusal | null>(null);
  useShowWriting(board, `list:${listId}`, form.text !== "");
  const add = (event: FormEvent) => {
    event.preventDefault();
    const refused = board.connection.edit((doc, origin) =>
      addEntry(doc, listId, newItemId(), form.text, origin),
    );
    setRefusal(refused);
    if (refused === null) setForm(empty);
  };
  return (
    <form className={styles.add} onSubmit={add} noValidate>
      <TextField
        label={t("entry.add", { title })}
        labelHidden
        placeholder={t("entry.example")}
        value={form.text}
        maxLength={boardLimits.entryLength}
        error={
          refusal
            ? t(`refusal.${refusal}`, { text: boardLimits.entryLength, count: boardLimits.listEntries })
            : undefined
        }
        onChange={(text) => setForm({ text })}
      />
      <Button type="submit" icon="plus">
        {t("entry.put")}
      </Button>
    </form>
  );
}
