import type { ReactNode } from "react";
import styles from "./TabFrame.module.css";
import { type Tab, Tabs } from "./Tabs.tsx";

interface TabFrameProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The top bar and banners, as wide as the page. */
  readonly head: ReactNode;
  /** "full" uses the whole width of a laptop (the wall), "column" keeps lines readable. */
  readonly width?: "full" | "column";
  readonly children: ReactNode;
}

/** A page between its top bar and the tabs; nothing in it is ever hidden behind them. */
export function TabFrame({ label, tabs, head, width = "column", children }: TabFrameProps) {
  return (
    <div className={styles.frame}>
      {head}
      <main className={styles[width]}>{children}</main>
      <Tabs label={label} tabs={tabs} />
    </div>
  );
}
