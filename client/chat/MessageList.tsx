import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ChatMessage } from "../../shared/chat/model.ts";
import { Button } from "../ui/Button.tsx";
import { Bubble } from "./Bubble.tsx";
import { dayKey } from "./days.ts";
import styles from "./list.module.css";
import { useClock } from "./use-clock.ts";

/** Words of the same person within this time (ms) stand together. */
const together = 5 * 60_000;

interface MessageListProps {
  readonly list: RefObject<HTMLElement | null>;
  readonly messages: readonly ChatMessage[];
  readonly residentId: string;
  readonly mayJudge: boolean;
  /** The last message read when the channel was opened; null draws no line. */
  readonly dividerAfter: number | null;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly onOlder: () => void;
  readonly onNewer: () => void;
  readonly onMenu: (message: ChatMessage) => void;
  /** What is not sent yet, below all that is. */
  readonly children: ReactNode;
}

/** What was said, oldest first, with a line for each day and one where the unread begins. */
export function MessageList(props: MessageListProps) {
  const { list, messages, residentId, mayJudge, dividerAfter, hasOlder, hasNewer, onMenu } = props;
  const { t } = useTranslation("chat");
  const { day } = useClock();
  return (
    <section ref={list} className={styles.list} aria-label={t("title")}>
      {hasOlder ? (
        <Sight key={messages[0]?.seq} label={t("older")} onSight={props.onOlder} />
      ) : (
        <p className={styles.start}>{t("start")}</p>
      )}
      <ol className={styles.messages}>
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const newDay = !before || dayKey(before.at) !== dayKey(message.at);
          const divided = dividerAfter !== null && message.seq === dividerAfter + 1;
          const continued =
            !newDay &&
            !divided &&
            before.author.residentId === message.author.residentId &&
            before.state !== "deleted" &&
            message.at - before.at < together;
          return (
            <li key={message.id} data-seq={message.seq}>
              {newDay && <p className={styles.day}>{day(message.at)}</p>}
              {divided && (
                <p className={styles.divider} data-divider>
                  {t("divider")}
                </p>
              )}
              <Bubble
                message={message}
                mine={message.author.residentId === residentId}
                mayJudge={mayJudge}
                continued={continued}
                onMenu={onMenu}
              />
            </li>
          );
        })}
      </ol>
      {hasNewer && <Sight key={messages.at(-1)?.seq} label={t("newer")} onSight={props.onNewer} />}
      {props.children}
    </section>
  );
}

interface SightProps {
  readonly label: string;
  readonly onSight: () => void;
}

/** A button that presses itself when it comes into sight; it stays a button for keys and screen readers. */
function Sight({ label, onSight }: SightProps) {
  const place = useRef<HTMLDivElement>(null);
  const act = useRef(onSight);
  act.current = onSight;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) act.current();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className={styles.sight}>
      <Button onClick={onSight}>{label}</Button>
    </div>
  );
}
