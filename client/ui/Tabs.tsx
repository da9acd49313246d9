import { useTranslation } from "react-i18next";
import { Link, useRoute } from "wouter";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Tabs.module.css";

export interface Tab {
  readonly href: string;
  readonly text: string;
  readonly icon: IconName;
  /** Something waits there that was not seen: how many, or just "something" (true). */
  readonly waiting?: number | boolean;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly Tab[];
}

/** The bar of places at the foot of a phone, at the side of a laptop. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav className={styles.bar} aria-label={label}>
      {tabs.map((tab) => (
        <TabLink key={tab.href} {...tab} />
      ))}
    </nav>
  );
}

const mostShown = 99;

function TabLink({ href, text, icon, waiting }: Tab) {
  const { t } = useTranslation("ui");
  const [here] = useRoute(`${href}/*?`);
  const count = typeof waiting === "number" ? waiting : 0;
  return (
    <Link href={href} className={styles.tab} aria-current={here ? "page" : undefined}>
      <span className={styles.picture}>
        <Icon name={icon} />
        {(waiting === true || count > 0) && (
          <span className={count > 0 ? styles.count : styles.dot} aria-hidden="true">
            {count > 0 && (count > mostShown ? `${mostShown}+` : count)}
          </span>
        )}
      </span>
      <span className={styles.text}>{text}</span>
      {waiting === true && <span className="only-heard">{t("tab.waiting")}</span>}
      {count > 0 && <span className="only-heard">{t("tab.unread", { count })}</span>}
    </Link>
  );
}
