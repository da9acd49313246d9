import { useState } from "react";
import { useTranslation } from "react-i18next";
import { editEntry, moveEntry, removeEntry } from "../../../shared/board/list-rules.ts";
import type { ListEntry } from "../../../shared/board/model.ts";
import { useWire } from "../../state/app.tsx";
import { Button } from "../../ui/Button.tsx";
import { useToast } from "../../ui/toast-context.ts";
import type { Access } from "../access.ts";
import type { OpenBoard } from "../board-pool.ts";
import { HistorySheet } from "../history/HistorySheet.tsx";
import { useList, useOthersWriting } from "../use-board.ts";
import { useDragOrder } from "../use-drag-order.ts";
import { useSteadyOrder } from "../use-steady-order.ts";
import { AddEntry } from "./AddEntry.tsx";
import { EntryEditor } from "./EntryEditor.tsx";
import { EntryRow } from "./EntryRow.tsx";
import { ListTitleSheet } from "./ListTitleSheet.tsx";
import styles from "./lists.module.css";
import { putEntryBack } from "./put-entry-back.ts";

interface ListPaperProps {
  readonly board: OpenBoard;
  readonly list: { readonly id: string; readonly title: string };
  readonly access: Access;
}

/** One shared list: everyone of the board writes on it and ticks off. */
export function ListPaper({ board, list, access }: ListPaperProps) {
  const { t } = useTranslation("board");
  const toast = useToast();
  const entries = useList(board, list.id);
  const others = useOthersWriting(board, `list:${list.id}`);
  const [editing, setEditing] = useState<ListEntry | undefined>(undefined);
  const [sheet, setSheet] = useState<"history" | "title" | null>(null);
  const shown = useSteadyOrder(entries, editing !== undefined, editing);
  const order = useDragOrder(
    shown.map(({ id }) => id),
    (id, beforeId) =>
      void board.connection.edit((doc, origin) => moveEntry(doc, list.id, id, beforeId, origin)),
  );

  const remove = (entry: ListEntry) => {
    const { id, text } = entry;
    const nextId = entries[entries.findIndex((each) => each.id === id) + 1]?.id ?? null;
    setEditing(undefined);
    board.connection.edit((doc, origin) => removeEntry(doc, list.id, id, origin));
    toast({
      text: t("entry.wasRemoved", { text }),
      undo: {
        label: t("item.putBack"),
        act: () =>
          void board.connection.edit((doc, origin) => putEntryBack(doc, list.id, entry, nextId, origin)),
      },
    });
  };
  return (
    <section className={styles.paper} aria-label={list.title}>
      <header className={styles.head}>
        <h2>{list.title}</h2>
        <span className={styles.count}>
          {t("lists.done", { done: entries.filter(({ done }) => done).length, count: entries.length })}
        </span>
      </header>
      {others && <p className={styles.others}>{t("lists.othersWriting")}</p>}
      {shown.length === 0 && <p className={styles.empty}>{t("lists.empty")}</p>}
      <ul ref={order.container}>
        {shown.map((entry) => (
          <li
            key={entry.id}
            className={styles.entry}
            style={order.drag?.id === entry.id ? { transform: `translateY(${order.drag.dy}px)` } : undefined}
            data-dragged={order.drag?.id === entry.id || undefined}
          >
            {editing?.id === entry.id ? (
              <EntryEditor
                board={board}
                listId={list.id}
                entry={editing}
                onDone={() => setEditing(undefined)}
                onRemove={() => remove(entry)}
              />
            ) : (
              <EntryRow
                entry={entry}
                mayWrite={access.lists}
                handle={order.handle(entry.id)}
                onTick={(done) =>
                  void board.connection.edit((doc, origin) =>
                    editEntry(doc, list.id, entry.id, { done }, origin),
                  )
                }
                onEdit={() => setEditing(entry)}
              />
            )}
          </li>
        ))}
      </ul>
      {access.lists && <AddEntry board={board} listId={list.id} title={list.title} />}
      <footer className={styles.foot}>
        <Button icon="clock" onClick={() => setSheet("history")}>
          {t("history.link")}
        </Button>
        {access.otherCells && (
          <>
            <Button onClick={() => setSheet("title")}>{t("lists.rename")}</Button>
            <RemoveList boardId={board.boardId} list={list} />
          </>
        )}
      </footer>
      <HistorySheet
        open={sheet === "history"}
        board={board}
        of={{ place: "list", listId: list.id }}
        onClose={() => setSheet(null)}
      />
      {sheet === "title" && (
        <ListTitleSheet boardId={board.boardId} list={list} onClose={() => setSheet(null)} />
      )}
    </section>
  );
}

/** Takes a list down; undone, it is back with all that was on it. */
function RemoveList({ boardId, list }: { boardId: string; list: ListPaperProps["list"] }) {
  const { t } = useTranslation("board");
  const { t: tErrors } = useTranslation("errors");
  const wire = useWire();
  const toast = useToast();
  const putBack = async () => {
    const answer = await wire.send("list.create", { boardId, listId: list.id, title: list.title });
    if (!answer.ok) toast({ text: tErrors(answer.error.code), tone: "wrong" });
  };
  const remove = async () => {
    const answer = await wire.send("list.remove", { listId: list.id });
    if (!answer.ok) return toast({ text: tErrors(answer.error.code), tone: "wrong" });
    toast({
      text: t("lists.wasRemoved", { title: list.title }),
      undo: { label: t("item.putBack"), act: () => void putBack() },
    });
  };
  return (
    <Button kind="danger" onClick={() => void remove()}>
      {t("lists.remove")}
    </Button>
  );
}
