import type { ChatMessage } from "../../shared/chat/model.ts";
import type { WireEvent, WireSignal } from "../../shared/wire/contract.ts";
import { assertNever } from "../../shared/wire/result.ts";
import type { AreaReducer, Areas } from "../state/app-state.ts";
import { addPage, emptyThread, hearChange, hearMessage, type Thread } from "./thread.ts";

export type ChatSnapshot = Areas["chat"];
export type ChatChannel = ChatSnapshot["channels"][number];

export interface Typist {
  residentId: string;
  building: string | null;
  until: number;
}

/** The snapshot, and what the page has fetched and heard since. A fresh snapshot begins anew (INV-6). */
export interface ChatState extends ChatSnapshot {
  threads?: Readonly<Record<string, Thread>>;
  typing?: Readonly<Record<string, readonly Typist[]>>;
  here?: Readonly<Record<string, number>>;
}

type ChatEvent = Extract<WireEvent, { name: `chat.${string}` }>;
type ChatSignal = Extract<WireSignal, { name: `chat.${string}` }>;

const mostTypists = 20;
const nobody: readonly Typist[] = [];

export const threadOf = (state: ChatState, channelId: string): Thread =>
  state.threads?.[channelId] ?? emptyThread;
export const typistsOf = (state: ChatState, channelId: string): readonly Typist[] =>
  state.typing?.[channelId] ?? nobody;
export const channelOf = (state: ChatState, channelId: string): ChatChannel | undefined =>
  state.channels.find(({ id }) => id === channelId);

/** Whether this person reads the words of a message that is hidden from others. */
export const mayReadHidden =
  (state: ChatState, channelId: string) =>
  ({ author }: ChatMessage): boolean =>
    author.residentId === state.residentId || (channelOf(state, channelId)?.mayJudge ?? false);

export const chatReducer: AreaReducer<ChatState> = {
  event: (state, event) => (isChatEvent(event) ? onEvent(state, event) : state),
  signal: (state, signal) => (isChatSignal(signal) ? onSignal(state, signal) : state),
};

const isChatEvent = (event: WireEvent): event is ChatEvent => event.name.startsWith("chat.");
const isChatSignal = (signal: WireSignal): signal is ChatSignal => signal.name.startsWith("chat.");

function onEvent(state: ChatState, event: ChatEvent): ChatState {
  switch (event.name) {
    case "chat.message-was-posted": {
      const { channelId, seq, author } = event.data;
      const own = author.residentId === state.residentId;
      const heard = withThread(state, channelId, (thread) => hearMessage(thread, event.data));
      return withTypists(
        withMarks(heard, channelId, seq, own ? seq : 0),
        channelId,
        typistsOf(state, channelId).filter(({ residentId }) => residentId !== author.residentId),
      );
    }
    case "chat.message-was-changed": {
      const { channelId } = event.data;
      const mayRead = mayReadHidden(state, channelId);
      return withThread(state, channelId, (thread) => hearChange(thread, event.data, mayRead));
    }
    case "chat.reports-changed": {
      const { channelId, waiting } = event.data;
      return withChannel(state, channelId, (channel) =>
        channel.mayJudge ? { ...channel, waiting } : channel,
      );
    }
    case "chat.mute-changed":
      return event.data.courtyardId === state.courtyardId ? { ...state, mute: event.data.mute } : state;
    default:
      return assertNever(event);
  }
}

function onSignal(state: ChatState, signal: ChatSignal): ChatState {
  switch (signal.name) {
    case "chat.typing": {
      const { channelId, ...typist } = signal.data;
      if (typist.residentId === state.residentId) return state;
      const others = typistsOf(state, channelId).filter(({ residentId }) => residentId !== typist.residentId);
      return withTypists(state, channelId, [...others, typist].slice(-mostTypists));
    }
    case "chat.here":
      return { ...state, here: { ...state.here, [signal.data.channelId]: signal.data.count } };
    case "chat.marks":
      return signal.data.channels.reduce(
        (now, { channelId, lastSeq, seenSeq }) => withMarks(now, channelId, lastSeq, seenSeq),
        state,
      );
    default:
      return assertNever(signal);
  }
}

/** A page of history was fetched. */
export function withPage(
  state: ChatState,
  channelId: string,
  page: { messages: readonly ChatMessage[]; lastSeq: number },
): ChatState {
  const mayRead = mayReadHidden(state, channelId);
  const next = withThread(state, channelId, (thread) => addPage(thread, page.messages, mayRead));
  return withMarks(next, channelId, page.lastSeq, 0);
}

/** How far a channel goes and how far it was seen; both only grow. */
export function withMarks(state: ChatState, channelId: string, lastSeq: number, seenSeq: number): ChatState {
  return withChannel(state, channelId, (channel) =>
    lastSeq <= channel.lastSeq && seenSeq <= channel.seenSeq
      ? channel
      : {
          ...channel,
          lastSeq: Math.max(channel.lastSeq, lastSeq),
          seenSeq: Math.max(channel.seenSeq, seenSeq),
        },
  );
}

function withChannel(
  state: ChatState,
  channelId: string,
  next: (channel: ChatChannel) => ChatChannel,
): ChatState {
  const channels = state.channels.map((channel) => (channel.id === channelId ? next(channel) : channel));
  const same = channels.every((channel, index) => channel === state.channels[index]);
  return same ? state : { ...state, channels };
}

function withThread(state: ChatState, channelId: string, next: (thread: Thread) => Thread): ChatState {
  return { ...state, threads: { ...state.threads, [channelId]: next(threadOf(state, channelId)) } };
}

function withTypists(state: ChatState, channelId: string, typists: readonly Typist[]): ChatState {
  if (typists.length === 0 && typistsOf(state, channelId).length === 0) return state;
  return { ...state, typing: { ...state.typing, [channelId]: typists } };
}
