import { useTranslation } from "react-i18next";
import { CategoryIcon } from "./CategoryIcon.tsx";
import styles from "./CategoryLabel.module.css";
import type { Category } from "./categories.ts";
import { classNames } from "./class-names.ts";

interface CategoryLabelProps {
  readonly category: Category;
}

/** A category as a paper label: picture, word and tint, so that colour never says it alone. */
export function CategoryLabel({ category }: CategoryLabelProps) {
  const { t } = useTranslation("ui");
  return (
    <span className={classNames(styles.label, styles[category])}>
      <CategoryIcon category={category} />
      {t(`category.${category}`)}
    </span>
  );
}

interface ItemLabelProps {
  readonly category: Category;
  readonly title: string;
  /** Shown as "×2" from two on. */
  readonly quantity?: number | undefined;
  /** Changed since the last visit. */
  readonly fresh?: boolean | undefined;
}

/** One lent thing as a paper label on the board; its category's word is heard, its picture is seen. */
export function ItemLabel({ category, title, quantity, fresh }: ItemLabelProps) {
  const { t } = useTranslation("ui");
  return (
    <span className={classNames(styles.label, styles.item, styles[category], fresh && styles.fresh)}>
      <CategoryIcon category={category} />
      <span className="only-heard">{t(`category.${category}`)} </span>
      <span className={styles.title}>{title}</span>
      {quantity !== undefined && quantity > 1 && <span className={styles.quantity}>×{quantity}</span>}
      {fresh && <span className={styles.mark}>{t("fresh")}</span>}
    </span>
  );
}
