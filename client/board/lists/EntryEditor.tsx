import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { boardLimits } from "../../../shared/board/limits.ts";
import { editEntry } from "../../../shared/board/list-rules.ts";
import type { ListEntry } from "../../../shared/board/model.ts";
import type { BoardRefusal } from "../../../shared/board/rules.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/TextField.tsx";
import type { OpenBoard } from "../board-pool.ts";
import { useShowWriting } from "../use-board.ts";
import styles from "./lists.module.css";
import { putEntryBack } from "./put-entry-back.ts";

interface EntryEditorProps {
  readonly board: OpenBoard;
  readonly listId: string;
  /** The entry as it was when the editor was opened (INV-7). */
  readonly entry: ListEntry;
  readonly onDone: () => void;
  readonly onRemove: () => void;
}

/** A line of a list, written on in its place. */
export function EntryEditor({ board, listId, entry, onDone, onRemove }: EntryEditorProps) {
  const { t } = useTranslation("board");
  const [text, setText] = useState(entry.text);
  const [refusal, setRefusal] = useState<BoardRefusal | null>(null);
  useShowWriting(board, `list:${listId}`, true);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const refused = board.connection.edit((doc, origin) => {
      const outcome = editEntry(doc, listId, entry.id, { text }, origin);
      // Taken away by somebody while it was written here: it comes back as it is here.
      if (outcome === "item-missing") putEntryBack(doc, listId, { ...entry, text }, null, origin);
      return outcome === "item-missing" ? null : outcome;
    });
    setRefusal(refused);
    if (refused === null) onDone();
  };
  return (
    <form
      className={styles.editor}
      onSubmit={save}
      noValidate
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <TextField
        label={t("entry.edit", { text: entry.text })}
        labelHidden
        value={text}
        maxLength={boardLimits.entryLength}
        error={
          refusal
            ? t(`refusal.${refusal}`, { text: boardLimits.entryLength, count: boardLimits.listEntries })
            : undefined
        }
        onChange={setText}
      />
      <div className={styles.buttons}>
        <Button type="submit" kind="main" icon="check">
          {t("item.save")}
        </Button>
        <Button onClick={onDone}>{t("item.cancel")}</Button>
        <Button kind="danger" onClick={onRemove}>
          {t("entry.remove")}
        </Button>
      </div>
    </form>
  );
}
