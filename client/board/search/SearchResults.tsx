import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ItemCategory } from "../../../shared/board/layout.ts";
import { CategoryLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory, categories } from "../../ui/categories.ts";
import { EmptyInvitation } from "../../ui/EmptyInvitation.tsx";
import { Plate } from "../../ui/Plate.tsx";
import { Select } from "../../ui/Select.tsx";
import type { BoardPart, BoardsPart } from "../access.ts";
import type { OpenBoard } from "../board-pool.ts";
import styles from "./search.module.css";
import { useSearch } from "./use-search.ts";

interface SearchResultsProps {
  readonly query: string;
  readonly board: OpenBoard;
  readonly part: BoardPart;
  readonly boards: BoardsPart;
  /** Goes to the cell a thing is in. */
  readonly onOpen: (householdId: string) => void;
}

/** What was found, nearest and best first, each with the door it stands behind. */
export function SearchResults({ query, board, part, boards, onOpen }: SearchResultsProps) {
  const { t } = useTranslation("board");
  const { t: tUi } = useTranslation("ui");
  const [category, setCategory] = useState<ItemCategory | null>(null);
  const state = useSearch(query.trim(), category, board, part, boards);
  const { found, total, waiting, onlyHere, withoutPinyin } = state;
  const none = found.length === 0;
  const outcome = waiting && none ? t("search.waiting") : t("search.found", { count: total });
  return (
    <section className={styles.results} aria-label={t("search.results")}>
      <div className={styles.head}>
        <output>
          {withoutPinyin && none && !waiting ? t("search.withoutPinyin") : outcome}
          {withoutPinyin && !none && ` ${t("search.withoutPinyin")}`}
          {onlyHere && ` ${t("search.onlyHere")}`}
        </output>
        <Select
          label={t("search.category")}
          labelHidden
          value={category ?? "all"}
          choices={[
            { value: "all", text: t("search.allCategories") },
            ...categories.map((each) => ({ value: each, text: tUi(`category.${each}`) })),
          ]}
          onChange={(chosen) => setCategory(chosen === "all" ? null : asCategory(chosen))}
        />
      </div>
      {none && !waiting && !withoutPinyin && (
        <EmptyInvitation title={t("search.none", { query: query.trim() })} text={t("search.noneHint")} />
      )}
      <ul className={styles.list}>
        {found.map((item) => (
          <li key={`${item.householdId}/${item.itemId}`}>
            <button type="button" className={styles.hit} onClick={() => onOpen(item.householdId)}>
              <span className={styles.title}>
                {item.title}
                {item.quantity > 1 && ` ×${item.quantity}`}
              </span>
              <CategoryLabel category={asCategory(item.category)} />
              <Plate text={item.door} size="small" />
              {item.note && <span className={styles.note}>{item.note}</span>}
            </button>
          </li>
        ))}
      </ul>
      {total > found.length && <p>{t("search.more", { count: total - found.length })}</p>}
    </section>
  );
}
