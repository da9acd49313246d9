import { guessCategory } from "../../../shared/board/category-words.ts";
import type { ItemCategory } from "../../../shared/board/layout.ts";
import { asCategory } from "../../ui/categories.ts";

/** An item while someone writes it. Nothing that arrives from the net touches it (INV-7). */
export interface ItemForm {
  title: string;
  category: ItemCategory;
  /** The person has chosen: the title says nothing about it any more. */
  chosen: boolean;
  note: string;
  quantity: number;
}

export const emptyForm: ItemForm = { title: "", category: "other", chosen: false, note: "", quantity: 1 };

export const formOf = (item: {
  title: string;
  category: string;
  note: string;
  quantity: number;
}): ItemForm => ({
  title: item.title,
  category: asCategory(item.category),
  chosen: true,
  note: item.note,
  quantity: item.quantity,
});

/** Writing the title chooses the category with it, as long as nobody has chosen one. */
export const withTitle = (form: ItemForm, title: string): ItemForm => ({
  ...form,
  title,
  category: form.chosen ? form.category : (guessCategory(title) ?? "other"),
});

/** What a person changed since the form was opened, and nothing else: other fields may have moved on. */
export function changesOf(
  item: { title: string; category: string; note: string; quantity: number },
  form: ItemForm,
): Partial<Pick<ItemForm, "title" | "category" | "note" | "quantity">> {
  return {
    ...(form.title !== item.title && { title: form.title }),
    ...(form.category !== asCategory(item.category) && { category: form.category }),
    ...(form.note !== item.note && { note: form.note }),
    ...(form.quantity !== item.quantity && { quantity: form.quantity }),
  };
}
