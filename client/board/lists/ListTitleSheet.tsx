import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { boardLimits } from "../../../shared/board/limits.ts";
import { useWire } from "../../state/app.tsx";
import { Button } from "../../ui/Button.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { newItemId } from "../new-item-id.ts";
import styles from "./lists.module.css";

interface ListTitleSheetProps {
  readonly boardId: string;
  /** Null for a list that is to be put up. */
  readonly list: { readonly id: string; readonly title: string } | null;
  readonly onClose: () => void;
}

/** The title of a list: a new one's, or another one for it. */
export function ListTitleSheet({ boardId, list, onClose }: ListTitleSheetProps) {
  const { t } = useTranslation("board");
  const { t: tErrors } = useTranslation("errors");
  const wire = useWire();
  const [title, setTitle] = useState(list?.title ?? "");
  // Made once: pressed again after a lost answer, it is the same list.
  const [listId] = useState(() => list?.id ?? newItemId());
  const [error, setError] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() === "") return setError(t("lists.titleMissing"));
    setBusy(true);
    const answer = list
      ? await wire.send("list.rename", { listId, title })
      : await wire.send("list.create", { boardId, listId, title });
    setBusy(false);
    if (answer.ok) onClose();
    else setError(tErrors(answer.error.code));
  };
  return (
    <Sheet open title={t(list ? "lists.rename" : "lists.create")} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
        <TextField
          label={t("lists.titleLabel")}
          placeholder={t("lists.titleExample")}
          value={title}
          maxLength={boardLimits.listTitleLength}
          error={error}
          onChange={setTitle}
          data-first-focus
        />
        <Button type="submit" kind="main" busy={busy} wide>
          {t(list ? "item.save" : "lists.put")}
        </Button>
      </form>
    </Sheet>
  );
}
