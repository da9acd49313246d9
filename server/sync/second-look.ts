import type { Peer } from "./peer.ts";
import type { Message } from "./tick-work.ts";

type SecondLookHooks = {
  /** Reads what other nodes have committed, and which places the board has now. */
  refresh(): Promise<void>;
  /** These are to be judged again, before whatever came after them. */
  putBack(messages: Message[]): void;
  /** All that waited has been put back. */
  settled(): void;
  /** The log cannot be read, so nothing can be said of what these have sent. */
  giveUp(peer: Peer): void;
};

/**
 * Messages that do not fit the board as this node has it, while another node may have committed what they build on:
 * a client that moves here may bring others' edits that it has seen there and that have not been read here yet.
 * They are judged once more when the log has been read, and which households there are. What the same peer sends meanwhile waits behind them.
 */
export class SecondLook {
  readonly #hooks: SecondLookHooks;
  #waiting: Message[] = [];
  #reading = false;

  constructor(hooks: SecondLookHooks) {
    this.#hooks = hooks;
  }

  get busy(): boolean {
    return this.#reading || this.#waiting.length > 0;
  }

  take(messages: readonly Message[]): void {
    this.#waiting.push(...messages);
    if (!this.#reading && this.#waiting.length > 0) this.#read();
  }

  #read(): void {
    this.#reading = true;
    const batch = this.#waiting;
    this.#waiting = [];
    const peers = new Set(batch.map(({ peer }) => peer));
    this.#hooks.refresh().then(
      () => this.#done(batch, peers),
      () => {
        for (const peer of peers) this.#hooks.giveUp(peer);
        this.#done([], peers);
      },
    );
  }

  #done(batch: Message[], peers: ReadonlySet<Peer>): void {
    this.#reading = false;
    for (const peer of peers) peer.heldBack = false;
    // What these peers have sent in the meantime comes right behind.
    const behind = this.#waiting.filter(({ peer }) => peers.has(peer));
    this.#waiting = this.#waiting.filter(({ peer }) => !peers.has(peer));
    this.#hooks.putBack([...batch, ...behind].filter(({ peer }) => !peer.gone));
    if (this.#waiting.length > 0) this.#read();
    else this.#hooks.settled();
  }
}
