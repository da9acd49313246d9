import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { classNames } from "./class-names.ts";
import { Icon } from "./Icon.tsx";
import styles from "./TopBar.module.css";

export type ConnectionState = "online" | "connecting" | "offline";

interface TopBarProps {
  readonly title: string;
  /** Where "back" leads; without it this is a first page. */
  readonly back?: { readonly href: string; readonly label: string };
  readonly connection?: ConnectionState;
  /** Quiet things at the right edge. */
  readonly children?: ReactNode;
}

/** The page's name, the way back, and whether the line stands. */
export function TopBar({ title, back, connection, children }: TopBarProps) {
  return (
    <header className={styles.bar}>
      {back && (
        <Link href={back.href} className={styles.back} aria-label={back.label} title={back.label}>
          <Icon name="back" />
        </Link>
      )}
      <h1 className={styles.title} tabIndex={-1}>
        {title}
      </h1>
      {connection && <ConnectionMark state={connection} />}
      {children}
    </header>
  );
}

interface ConnectionMarkProps {
  readonly state: ConnectionState;
}

/** A dot and a word: the dot's shape differs too, for those who do not see its colour. */
export function ConnectionMark({ state }: ConnectionMarkProps) {
  const { t } = useTranslation("ui");
  return (
    <output className={classNames(styles.connection, styles[state])}>
      <span className={styles.dot} />
      {t(`connection.${state}`)}
    </output>
  );
}
