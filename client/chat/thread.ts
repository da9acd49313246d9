import type { ChatMessage, MessageChange } from "../../shared/chat/model.ts";

/** What the page holds of one channel. */
export interface Thread {
  /** True once a page was fetched: `messages` then is a run without a hole. */
  readonly opened: boolean;
  readonly messages: readonly ChatMessage[];
  /** Heard, but not yet joined to the run: what lies between is being fetched. */
  readonly ahead: readonly ChatMessage[];
  /** Changes of messages that are not here: a page under way may bring them as they were before. */
  readonly changes: readonly MessageChange[];
}

/** Messages kept beyond the run, and changes kept for pages under way. */
const mostAhead = 50;
const mostChanges = 100;
/** The longest run that is kept; scrolling far lets go of the other end. */
export const longestRun = 400;

export const emptyThread: Thread = { opened: false, messages: [], ahead: [], changes: [] };

export const firstSeq = ({ messages }: Thread): number => messages[0]?.seq ?? 0;
export const lastSeq = ({ messages }: Thread): number => messages.at(-1)?.seq ?? 0;

/** Someone said something. */
export function hearMessage(thread: Thread, message: ChatMessage): Thread {
  const inRun = thread.opened && message.seq <= lastSeq(thread) + 1 && message.seq >= firstSeq(thread);
  if (inRun) return joinAhead({ ...thread, messages: union(thread.messages, [message]) });
  if (thread.opened && message.seq < firstSeq(thread)) return thread;
  return { ...thread, ahead: union(thread.ahead, [message]).slice(-mostAhead) };
}

/**
 * A message was edited, taken back, blurred or decided about.
 * @param mayRead whether this person reads hidden words of it (its author, and those who decide)
 */
export function hearChange(
  thread: Thread,
  change: MessageChange,
  mayRead: (message: ChatMessage) => boolean,
): Thread {
  const known = [...thread.messages, ...thread.ahead].some(({ id }) => id === change.id);
  if (!known) return { ...thread, changes: [...thread.changes, change].slice(-mostChanges) };
  const apply = (message: ChatMessage) => changed(message, change, mayRead(message));
  return { ...thread, messages: thread.messages.map(apply), ahead: thread.ahead.map(apply) };
}

/**
 * A page arrived. One that touches the run extends it, any other replaces it.
 * The run keeps `longestRun` messages, letting go of the end away from the page.
 */
export function addPage(
  thread: Thread,
  page: readonly ChatMessage[],
  mayRead: (message: ChatMessage) => boolean,
): Thread {
  const fresh = page.map((message) =>
    thread.changes
      .filter(({ id }) => id === message.id)
      .reduce<ChatMessage>((now, change) => changed(now, change, mayRead(now)), message),
  );
  const arrived = new Set(page.map(({ id }) => id));
  const changes = thread.changes.filter(({ id }) => !arrived.has(id));
  const [first] = fresh;
  const last = fresh.at(-1);
  if (!first || !last) return joinAhead({ ...thread, changes, opened: true });
  const touches =
    thread.opened && first.seq <= lastSeq(thread) + 1 && last.seq >= firstSeq(thread) - 1 && last.seq > 0;
  const run = touches ? union(thread.messages, fresh) : fresh;
  const older = first.seq < firstSeq(thread);
  const messages = older ? run.slice(0, longestRun) : run.slice(-longestRun);
  return joinAhead({ ...thread, opened: true, messages, changes });
}

/** The number after which the next page is wanted to reach `channelLast`, or null. */
export function missingAfter(thread: Thread, channelLast: number): number | null {
  return thread.opened && lastSeq(thread) < channelLast ? lastSeq(thread) : null;
}

function joinAhead(thread: Thread): Thread {
  if (!thread.opened || thread.ahead.length === 0) return thread;
  // A page may bring a message as it was before a change that was heard while it waited ahead.
  const heard = thread.ahead.filter(({ seq }) => seq >= firstSeq(thread) && seq <= lastSeq(thread));
  const messages = heard.length > 0 ? union(thread.messages, heard) : [...thread.messages];
  const ahead: ChatMessage[] = [];
  let last = lastSeq(thread);
  for (const message of thread.ahead) {
    if (message.seq === last + 1) {
      messages.push(message);
      last += 1;
    } else if (message.seq > last) ahead.push(message);
  }
  return { ...thread, messages, ahead };
}

/** Both lists in order, each message once, as its newest version. */
function union(one: readonly ChatMessage[], other: readonly ChatMessage[]): ChatMessage[] {
  const bySeq = new Map(one.map((message) => [message.seq, message]));
  for (const message of other) {
    const known = bySeq.get(message.seq);
    const newer =
      !known ||
      message.version > known.version ||
      (message.version === known.version && known.text === null && message.text !== null);
    if (newer) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function changed(message: ChatMessage, change: MessageChange, mayRead: boolean): ChatMessage {
  if (message.id !== change.id || change.version <= message.version) return message;
  const { text, state, rule, editedAt, version } = change;
  // Events carry no hidden words; who may read them keeps those they have, unless they were rewritten since.
  const kept = mayRead && state !== "deleted" && editedAt === message.editedAt ? message.text : null;
  return { ...message, text: text ?? kept, state, rule, editedAt, version };
}
