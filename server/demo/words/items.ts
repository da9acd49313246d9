import { appliances } from "./appliances.ts";
import { books } from "./books.ts";
import { digital } from "./digital.ts";
import { garden } from "./garden.ts";
import type { ItemWord } from "./item-word.ts";
import { kitchen } from "./kitchen.ts";
import { other } from "./other.ts";
import { sports } from "./sports.ts";
import { tools } from "./tools.ts";
import { toys } from "./toys.ts";

/** The whole vocabulary of things, by category. */
export const itemWords = {
  toys,
  books,
  tools,
  kitchen,
  appliances,
  digital,
  sports,
  garden,
  other,
} satisfies Record<string, readonly ItemWord[]>;
