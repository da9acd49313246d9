import { useTranslation } from "react-i18next";
import { boardLimits } from "../../../shared/board/limits.ts";
import type { BoardRefusal } from "../../../shared/board/rules.ts";
import { IconButton } from "../../ui/Button.tsx";
import { categories } from "../../ui/categories.ts";
import { Select } from "../../ui/Select.tsx";
import { TextArea } from "../../ui/TextArea.tsx";
import { TextField } from "../../ui/TextField.tsx";
import styles from "./cell.module.css";
import { type ItemForm, withTitle } from "./item-draft.ts";

interface ItemFieldsProps {
  readonly form: ItemForm;
  readonly refusal: BoardRefusal | null;
  readonly onChange: (form: ItemForm) => void;
}

/** What one writes about a thing: what it is, of which kind, how many, and what to know. */
export function ItemFields({ form, refusal, onChange }: ItemFieldsProps) {
  const { t } = useTranslation("board");
  const { t: tUi } = useTranslation("ui");
  const wrong = (...codes: BoardRefusal[]) =>
    refusal !== null && codes.includes(refusal) ? t(`refusal.${refusal}`, limits) : undefined;
  const step = (by: number) =>
    onChange({ ...form, quantity: Math.min(boardLimits.quantity, Math.max(1, form.quantity + by)) });
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label={t("item.title")}
          placeholder={t("item.titleExample")}
          value={form.title}
          error={wrong("title-missing", "title-too-long", "cell-full", "item-missing")}
          onChange={(title) => onChange(withTitle(form, title))}
        />
        <Select
          label={t("item.category")}
          value={form.category}
          choices={categories.map((category) => ({ value: category, text: tUi(`category.${category}`) }))}
          onChange={(category) => onChange({ ...form, category, chosen: true })}
        />
      </div>
      <TextArea
        label={t("item.note")}
        placeholder={t("item.noteExample")}
        rows={2}
        value={form.note}
        maxLength={boardLimits.noteLength}
        error={wrong("note-too-long")}
        onChange={(note) => onChange({ ...form, note })}
      />
      <fieldset className={styles.quantity}>
        <legend className={styles.legend}>{t("item.quantity")}</legend>
        <IconButton icon="minus" label={t("item.fewer")} onClick={() => step(-1)} />
        <output className={styles.number}>{form.quantity}</output>
        <IconButton icon="plus" label={t("item.more")} onClick={() => step(1)} />
      </fieldset>
    </>
  );
}

const limits = {
  title: boardLimits.titleLength,
  note: boardLimits.noteLength,
  count: boardLimits.itemsPerCell,
};
