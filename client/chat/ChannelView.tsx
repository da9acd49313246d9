import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChatMessage } from "../../shared/chat/model.ts";
import { isMuted, unreadCount } from "../../shared/chat/rules.ts";
import { useArea, useServerNow } from "../state/app.tsx";
import { Banner } from "../ui/Banner.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { Composer } from "./Composer.tsx";
import { MessageList } from "./MessageList.tsx";
import { MessageMenu } from "./MessageMenu.tsx";
import styles from "./page.module.css";
import type { ChatChannel, ChatState } from "./reducer.ts";
import { TypingLine } from "./TypingLine.tsx";
import { UnsentBubble } from "./UnsentBubble.tsx";
import { useClock } from "./use-clock.ts";
import { useHere, useTypingWhisper } from "./use-here.ts";
import { useKeptPlace } from "./use-kept-place.ts";
import { useOutbox } from "./use-outbox.ts";
import { useSeen } from "./use-seen.ts";
import { useThread } from "./use-thread.ts";
import { WaitingSheet } from "./WaitingSheet.tsx";

interface ChannelViewProps {
  readonly channelId: string;
  /** What stands above the words: the other channels. */
  readonly top: ReactNode;
}

const residentOf = ({ residentId }: ChatState) => residentId;

/** One channel: what was said, who is here, and where one writes. */
export function ChannelView({ channelId, top }: ChannelViewProps) {
  const { t } = useTranslation("chat");
  const residentId = useArea("chat", residentOf);
  const { thread, channel, trouble, hasOlder, hasNewer, older, newer, latest } = useThread(channelId);
  const { messages } = thread;
  const arrived = useMemo(() => new Set(messages.map(({ id }) => id)), [messages]);
  const outbox = useOutbox(residentId, arrived);
  const unsent = outbox.unsent.filter((one) => one.channelId === channelId);
  const [menuFor, setMenuFor] = useState<string>();
  const [judging, setJudging] = useState(false);
  const list = useRef<HTMLElement>(null);
  const dividerAfter = useDivider(channel, messages, residentId);
  const onSeen = useSeen(channelId, channel?.seenSeq ?? 0);
  const { toEnd } = useKeptPlace(list, { opened: thread.opened, onSeen });
  const here = useHere(channelId);
  const typing = useTypingWhisper(channelId);
  const held = useHeld();
  const place = channel?.buildingId ? t("building", { name: channel.name }) : t("courtyard");
  const mayJudge = channel?.mayJudge ?? false;
  const chosen = messages.find(({ id }) => id === menuFor);

  const goToEnd = () => {
    if (hasNewer) latest();
    toEnd();
  };
  const send = (text: string) => {
    outbox.say(channelId, text);
    goToEnd();
  };
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        {top}
        {here > 1 && <p className={styles.here}>{t("here", { count: here })}</p>}
      </div>
      {channel && channel.waiting > 0 && (
        <div className={styles.waiting}>
          <Banner icon="warning" text={t("waiting.banner", { count: channel.waiting })}>
            <Button onClick={() => setJudging(true)}>{t("waiting.open")}</Button>
          </Banner>
        </div>
      )}
      <div className={styles.words}>
        {trouble && <ErrorNote title={t("trouble")} next={t("troubleNext")} onRetry={latest} />}
        {!thread.opened && !trouble && <LoadingLines what={t("loading")} />}
        {thread.opened && messages.length === 0 && unsent.length === 0 && (
          <EmptyInvitation title={t("empty")} text={t("emptyText")} />
        )}
        {(messages.length > 0 || unsent.length > 0) && (
          <MessageList
            list={list}
            messages={messages}
            residentId={residentId}
            mayJudge={mayJudge}
            dividerAfter={dividerAfter}
            hasOlder={hasOlder}
            hasNewer={hasNewer}
            onOlder={older}
            onNewer={newer}
            onMenu={(message) => setMenuFor(message.id)}
          >
            {unsent.map((one) => (
              <UnsentBubble key={one.id} unsent={one} onAgain={outbox.again} onDrop={outbox.drop} />
            ))}
          </MessageList>
        )}
      </div>
      {channel && hasNewer && (
        <div className={styles.latest}>
          <Button icon="down" onClick={goToEnd}>
            {unreadCount(channel) > 0 ? t("latestUnread", { count: unreadCount(channel) }) : t("latest")}
          </Button>
        </div>
      )}
      <TypingLine channelId={channelId} />
      <Composer
        residentId={residentId}
        channelId={channelId}
        place={place}
        held={held}
        onTyping={typing}
        onSend={send}
      />
      {chosen && (
        <MessageMenu
          message={chosen}
          mine={chosen.author.residentId === residentId}
          mayJudge={mayJudge}
          onClose={() => setMenuFor(undefined)}
        />
      )}
      {judging && <WaitingSheet waiting={channel?.waiting ?? 0} onClose={() => setJudging(false)} />}
    </div>
  );
}

/** Where reading stopped when the channel was opened, if others had spoken since; it stays while one reads. */
function useDivider(
  channel: ChatChannel | undefined,
  messages: readonly ChatMessage[],
  residentId: string,
): number | null {
  const [after] = useState(() => (channel && unreadCount(channel) > 0 ? channel.seenSeq : null));
  if (after === null) return null;
  const others = messages.some(({ seq, author }) => seq > after && author.residentId !== residentId);
  return others ? after : null;
}

/** Why this person cannot write now, until the mute ends by itself. */
function useHeld(): string | null {
  const { t } = useTranslation("chat");
  const { moment } = useClock();
  const serverNow = useServerNow();
  const mute = useArea("chat", (part) => part.mute);
  const [, setNow] = useState(0);
  useEffect(() => {
    if (!mute) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [mute]);
  if (!mute || !isMuted(mute, serverNow())) return null;
  return `${t("muted", { until: moment(mute.until) })} ${t("mutedWhy", { reason: mute.reason })}`;
}
