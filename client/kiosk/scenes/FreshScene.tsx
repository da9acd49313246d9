import { useTranslation } from "react-i18next";
import { ItemLabel } from "../../ui/CategoryLabel.tsx";
import { asCategory } from "../../ui/categories.ts";
import { pagesOf } from "../label-fit.ts";
import { freshPerPage } from "../scenes.ts";
import type { WallState } from "../wall-state.ts";
import styles from "./scenes.module.css";

interface FreshSceneProps {
  readonly state: WallState;
  readonly page: number;
}

/** What was put on the board in the last days, and in which unit; the door is on the unit's own page. */
export function FreshScene({ state, page }: FreshSceneProps) {
  const { t } = useTranslation("kiosk");
  const listed = state.view?.fresh ?? [];
  const count = state.view?.freshCount ?? 0;
  const pages = pagesOf(listed, freshPerPage);
  const aside = [
    ...(count > listed.length ? [t("fresh.newest", { count: listed.length })] : []),
    ...(pages.length > 1 ? [t("unit.page", { page: page + 1, pages: pages.length })] : []),
  ];
  return (
    <section className={styles.scene}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t("fresh.title", { count })}</h1>
        {aside.length > 0 && <p className={styles.aside}>{aside.join(" · ")}</p>}
      </header>
      <ul className={styles.fresh}>
        {(pages[page] ?? pages[0] ?? []).map(({ title, category, building, unit, addedAt }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same thing may be listed twice in one moment
          <li key={`${addedAt} ${index}`} className={styles.freshItem}>
            <ItemLabel title={title} category={asCategory(category)} />
            <span className={styles.freshPlace}>{t("fresh.place", { building, unit })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
