import type { ReactNode } from "react";
import styles from "./office.module.css";

interface DownloadLinkProps {
  readonly href: string;
  /** What comes, for those who hear the link alone. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A file from the server: a plain link, since the page itself stays. */
export function DownloadLink({ href, label, children }: DownloadLinkProps) {
  return (
    <a className={styles.download} href={href} download aria-label={label}>
      {children}
    </a>
  );
}
