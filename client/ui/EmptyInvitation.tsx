import type { ReactNode } from "react";
import styles from "./Notices.module.css";

interface EmptyInvitationProps {
  /** What could be here: "你家的格子还空着". */
  readonly title: string;
  /** Why it is worth it, or how: "放一样试试？" */
  readonly text?: string;
  /** The button that begins it. */
  readonly children?: ReactNode;
}

/** Nothing here yet: a free place on the board that invites. */
export function EmptyInvitation({ title, text, children }: EmptyInvitationProps) {
  return (
    <div className={styles.empty}>
      <div>
        <p className={styles.emptyTitle}>{title}</p>
        {text && <p className={styles.emptyText}>{text}</p>}
      </div>
      {children}
    </div>
  );
}
