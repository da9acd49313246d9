import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { unreadCount } from "../../shared/chat/rules.ts";
import styles from "./page.module.css";
import type { ChatChannel } from "./reducer.ts";

interface ChannelSwitchProps {
  readonly channels: readonly ChatChannel[];
  readonly current: string;
}

/** "全院" and one's buildings, with how much is unread in the others. */
export function ChannelSwitch({ channels, current }: ChannelSwitchProps) {
  const { t } = useTranslation("chat");
  return (
    <nav className={styles.channels} aria-label={t("channels")}>
      {channels.map((channel) => {
        const { id, buildingId, name } = channel;
        const here = id === current;
        const count = here ? 0 : unreadCount(channel);
        return (
          <Link
            key={id}
            href={`/chat/${id}`}
            replace
            className={styles.channel}
            aria-current={here ? "page" : undefined}
          >
            {buildingId === null ? t("courtyard") : t("building", { name })}
            {count > 0 && (
              <span className={styles.unread}>
                <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
                <span className="only-heard">{t("unread", { count })}</span>
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
