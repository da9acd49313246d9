import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon.tsx";
import styles from "./drag-handle.module.css";

interface DragHandleProps extends Omit<ComponentProps<"button">, "className" | "children"> {
  /** What is moved. */
  readonly what: string;
}

/** The knob by which a row is pulled to another place; with the keyboard the arrows move it. */
export function DragHandle({ what, ...handlers }: DragHandleProps) {
  const { t } = useTranslation("board");
  return (
    <button type="button" {...handlers} className={styles.handle} aria-label={t("move.handle", { what })}>
      <Icon name="grip" />
    </button>
  );
}
