import type { ReactNode } from "react";
import type { Category } from "./categories.ts";
import { IconFrame } from "./Icon.tsx";

const drawings: Record<Category, ReactNode> = {
  toys: (
    <>
      <rect x="3" y="13" width="8.5" height="8" rx="1" />
      <rect x="13" y="13" width="8" height="8" rx="1" />
      <path d="M12 3.5 16.5 11h-9Z" />
    </>
  ),
  books: (
    <>
      <path d="M12 6.5C10 5 7 4.5 3.5 4.8v13.4c3.5-.3 6.5.2 8.5 1.8 2-1.6 5-2.1 8.5-1.8V4.8C17 4.5 14 5 12 6.5Z" />
      <path d="M12 6.5V20" />
    </>
  ),
  tools: (
    <>
      <path d="m13.5 10.5-9.4 9.4a1.3 1.3 0 0 1-1.9-1.9l9.4-9.4" />
      <path d="M9.5 6.5 13 3h3.5l4.5 4.5-2.5 2.5-2.3-.7-2.7 2.7Z" />
    </>
  ),
  kitchen: (
    <>
      <path d="M5 10h14v7a3 3 0 0 1-3 3H8a3 3 0 0 1-3-3Z" />
      <path d="M2.5 12.5H5m14 0h2.5M3.5 10h17" />
      <path d="M9.5 3.5c1.2 1-.8 2 .2 3.3m4.3-3.3c1.2 1-.8 2 .2 3.3" />
    </>
  ),
  appliances: (
    <>
      <path d="M9 3v5m6-5v5" />
      <path d="M6 8h12v3.5a6 6 0 0 1-12 0Z" />
      <path d="M12 17.5V21" />
    </>
  ),
  digital: (
    <>
      <path d="M3 8.5A1.5 1.5 0 0 1 4.5 7H8l1.5-2.5h5L16 7h3.5A1.5 1.5 0 0 1 21 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5Z" />
      <circle cx="12" cy="12.8" r="3.5" />
    </>
  ),
  sports: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 3v18M3 12h18M5.7 5.6c3.3 3.6 3.3 9.2 0 12.8M18.3 5.6c-3.3 3.6-3.3 9.2 0 12.8" />
    </>
  ),
  garden: (
    <>
      <path d="M12 21v-9" />
      <path d="M12 13c0-4-2.5-6.5-8-6.5 0 4.5 3 6.5 8 6.5Z" />
      <path d="M12 11c0-4.5 2.5-7 8-7 0 5-3 7-8 7Z" />
      <path d="M7 21h10" />
    </>
  ),
  other: (
    <>
      <path d="M4 8.5h16v10.8a1.2 1.2 0 0 1-1.2 1.2H5.2A1.2 1.2 0 0 1 4 19.3Z" />
      <path d="M4 8.5 6.5 4h11L20 8.5M9.5 12.5h5" />
    </>
  ),
};

interface CategoryIconProps {
  readonly category: Category;
}

/** The picture of a category. It is decoration to a screen reader: the word stands beside it. */
export function CategoryIcon({ category }: CategoryIconProps) {
  return <IconFrame>{drawings[category]}</IconFrame>;
}
