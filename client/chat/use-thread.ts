import { useCallback, useEffect, useRef, useState } from "react";
import type { ChatMessage } from "../../shared/chat/model.ts";
import { useAppState, useArea, useChangeArea, useWire } from "../state/app.tsx";
import { type ChatChannel, type ChatState, channelOf, mayReadHidden, threadOf, withPage } from "./reducer.ts";
import { firstSeq, lastSeq, missingAfter, type Thread } from "./thread.ts";

/** Up to so many unread messages the last page holds them all, with some that came before. */
const fitsLastPage = 40;
/** Read messages shown above the first unread one. */
const before = 10;
/** A hole up to this size is filled at once; a larger one when the reader gets there. */
const fillAtOnce = 50;

type Range =
  | { before: number }
  | { after: number }
  | { after: number; limit: number }
  | Record<string, never>;

export interface OpenThread {
  thread: Thread;
  channel: ChatChannel | undefined;
  /** The last page could not be fetched. */
  trouble: boolean;
  hasOlder: boolean;
  hasNewer: boolean;
  older(): void;
  newer(): void;
  /** Leaves the place where one reads and goes to the end. */
  latest(): void;
}

/** One channel as the page holds it: opened where reading stopped, followed live, fetched where it has a hole. */
export function useThread(channelId: string): OpenThread {
  const wire = useWire();
  const change = useChangeArea("chat");
  const online = useAppState((state) => state.status === "online");
  const chat = useArea("chat", wholeChat);
  const thread = threadOf(chat, channelId);
  const channel = channelOf(chat, channelId);
  const [trouble, setTrouble] = useState(false);
  const underWay = useRef(new Set<string>());

  const fetchPage = useCallback(
    async (range: Range) => {
      const key = `${channelId} ${JSON.stringify(range)}`;
      if (underWay.current.has(key)) return;
      underWay.current.add(key);
      const answer = await wire.ask("chat.page", { channelId, ...range });
      underWay.current.delete(key);
      setTrouble(!answer.ok);
      if (answer.ok) change((part) => withPage(part, channelId, answer.value));
    },
    [wire, change, channelId],
  );

  const channelLast = channel?.lastSeq ?? 0;
  const seen = channel?.seenSeq ?? 0;
  const after = missingAfter(thread, channelLast);
  const first = firstSeq(thread);
  const hasOlder = first > 1;

  useEffect(() => {
    if (!online || thread.opened) return;
    void fetchPage(channelLast - seen > fitsLastPage ? { after: Math.max(0, seen - before) } : {});
  }, [online, thread.opened, channelLast, seen, fetchPage]);

  useEffect(() => {
    if (online && after !== null && channelLast - after <= fillAtOnce) void fetchPage({ after });
  }, [online, after, channelLast, fetchPage]);

  useUnreadable(chat, thread, (message) => fetchPage({ after: message.seq - 1, limit: 1 }), online);

  return {
    thread,
    channel,
    trouble: trouble && online,
    hasOlder,
    hasNewer: after !== null,
    older: () => void (hasOlder && fetchPage({ before: first })),
    newer: () => void (after !== null && fetchPage({ after: lastSeq(thread) })),
    latest: () => void fetchPage({}),
  };
}

const wholeChat = (part: ChatState): ChatState => part;

/** Events carry no hidden words: those who may read them ask for each once. */
function useUnreadable(
  chat: ChatState,
  thread: Thread,
  ask: (message: ChatMessage) => Promise<void>,
  online: boolean,
): void {
  const asked = useRef(new Set<string>());
  const wanted = thread.messages.find(
    (message) =>
      message.text === null &&
      (message.state === "blurred" || message.state === "removed") &&
      mayReadHidden(chat, message.channelId)(message) &&
      !asked.current.has(`${message.id} ${message.version}`),
  );
  useEffect(() => {
    if (!wanted || !online) return;
    asked.current.add(`${wanted.id} ${wanted.version}`);
    void ask(wanted);
  }, [wanted, online, ask]);
}
