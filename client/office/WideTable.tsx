import type { ReactNode } from "react";
import styles from "./office.module.css";

interface WideTableProps {
  /** What the table shows. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A table that may be wider than a phone: it scrolls in its own frame, by finger and by keyboard. */
export function WideTable({ label, children }: WideTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>{children}</table>
    </section>
  );
}
