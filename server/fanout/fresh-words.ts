/** Who says a word, and when. */
export interface WordOrigin {
  /** A node has another id in each of its lives. */
  nodeId: string;
  /** Which of its words this is, counted from 1. */
  count: number;
  /** Milliseconds since the epoch, by the clock all nodes go by. */
  at: number;
}

export const freshLimits = {
  /** A word that is older, or newer, by so many milliseconds is not taken: the log has told it long since. */
  wordAge: 30_000,
  /** So many words of a node may overtake one another; in a cluster they come by different connections. */
  overtaking: 4_096,
  /** Nodes of the last minute. More are not heard, and are followed by the log. */
  senders: 1_000,
};

interface Sender {
  highest: number;
  /** When the newest of its words was said. */
  newest: number;
  /** Which of the last words were taken, each at its count modulo the size. */
  taken: Uint8Array;
}

/**
 * Takes each word of another node once, and none that is old, so that whoever writes down what passes over Redis cannot
 * say it again. What was taken is remembered for as long as it would be young enough.
 */
export class FreshWords {
  readonly #now: () => number;
  readonly #senders = new Map<string, Sender>();

  /** @param now the clock all nodes go by */
  constructor(now: () => number) {
    this.#now = now;
  }

  takes({ nodeId, count, at }: WordOrigin): boolean {
    const now = this.#now();
    if (Math.abs(now - at) > freshLimits.wordAge || count === 0) return false;
    const sender = this.#senders.get(nodeId) ?? this.#meet(nodeId, now);
    if (sender === null || count <= sender.highest - freshLimits.overtaking) return false;
    for (
      let skipped = Math.max(sender.highest, count - freshLimits.overtaking) + 1;
      skipped <= count;
      skipped++
    )
      sender.taken[skipped % freshLimits.overtaking] = 0;
    sender.highest = Math.max(sender.highest, count);
    sender.newest = Math.max(sender.newest, at);
    const place = count % freshLimits.overtaking;
    if (sender.taken[place] === 1) return false;
    sender.taken[place] = 1;
    return true;
  }

  #meet(nodeId: string, now: number): Sender | null {
    // Twice the age: the clock may have been set back since.
    for (const [id, { newest }] of this.#senders)
      if (newest < now - 2 * freshLimits.wordAge) this.#senders.delete(id);
    if (this.#senders.size >= freshLimits.senders) return null;
    const sender = {
      highest: 0,
      newest: now - freshLimits.wordAge,
      taken: new Uint8Array(freshLimits.overtaking),
    };
    this.#senders.set(nodeId, sender);
    return sender;
  }
}
