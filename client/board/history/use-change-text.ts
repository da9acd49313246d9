import { useTranslation } from "react-i18next";
import { assertNever } from "../../../shared/wire/result.ts";
import { asCategory } from "../../ui/categories.ts";
import type { HistoryEntry } from "./use-history.ts";

type ItemChange = Extract<HistoryEntry, { place: "cell" }>;

/** A change as a neighbour would tell it. */
export function useChangeText(): (entry: HistoryEntry) => string {
  const { t } = useTranslation("board");
  const { t: tUi } = useTranslation("ui");

  const itemChanges = ({ before, after }: ItemChange): string => {
    if (!before || !after) return "";
    const parts: string[] = [];
    if (before.title !== after.title)
      parts.push(t("history.renamed", { from: before.title, to: after.title }));
    if (before.quantity !== after.quantity)
      parts.push(t("history.quantity", { from: before.quantity, to: after.quantity }));
    if (before.category !== after.category)
      parts.push(t("history.category", { to: tUi(`category.${asCategory(after.category)}`) }));
    if (before.note !== after.note)
      parts.push(after.note === "" ? t("history.noteGone") : t("history.note", { note: after.note }));
    return parts.length > 0 ? parts.join(t("history.and")) : t("history.moved");
  };

  return (entry) => {
    const who =
      entry.by === null
        ? t("history.unknown")
        : entry.door
          ? t("history.who", { by: entry.by, door: entry.door })
          : entry.by;
    switch (entry.place) {
      case "cell": {
        const title = (entry.after ?? entry.before)?.title ?? "";
        if (!entry.before) return t("history.put", { who, title });
        if (!entry.after) return t("history.removed", { who, title });
        return t("history.changed", { who, title: entry.before.title, what: itemChanges(entry) });
      }
      case "list": {
        const title = (entry.after ?? entry.before)?.text ?? "";
        if (!entry.before) return t("history.put", { who, title });
        if (!entry.after) return t("history.removed", { who, title });
        if (entry.before.done !== entry.after.done)
          return t(entry.after.done ? "history.ticked" : "history.unticked", { who, title });
        if (entry.before.text === entry.after.text)
          return t("history.changed", { who, title, what: t("history.moved") });
        return t("history.changed", {
          who,
          title: entry.before.text,
          what: t("history.renamed", { from: entry.before.text, to: title }),
        });
      }
      case "notice":
        return t("history.notice", { who, text: entry.after?.text || t("history.nothing") });
      default:
        return assertNever(entry);
    }
  };
}
