import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Notices.module.css";

interface BannerProps {
  readonly icon: IconName;
  readonly text: string;
  readonly children?: ReactNode;
}

/** A state of the whole page that lasts: no net, a copy that waits, a last call. */
export function Banner({ icon, text, children }: BannerProps) {
  return (
    <output className={styles.banner}>
      <Icon name={icon} />
      <span className={styles.bannerText}>{text}</span>
      {children}
    </output>
  );
}
