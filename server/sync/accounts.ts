import type { RoomLimits } from "../../shared/board/limits.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What one person's board sockets may do together, whatever boards they are on. */
export class Account {
  sockets = 0;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;

  constructor(limits: RoomLimits, now: number) {
    this.#messages = new TokenBucket(limits.accountMessagesPerSecond, limits.accountMessageBurst, now);
    this.#bytes = new TokenBucket(limits.accountBytesPerSecond, limits.accountByteBurst, now);
  }

  mayReceive(bytes: number, now: number): boolean {
    return this.#messages.take(1, now) && this.#bytes.take(bytes, now);
  }
}

/** The people with board sockets on this node. One is forgotten with the last socket: how often one may come back is bounded before the handshake. */
export class Accounts {
  readonly #limits: RoomLimits;
  readonly #open = new Map<string, Account>();

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** One more socket of a person; null when they have as many as they may. */
  enter(residentId: string, now: number): Account | null {
    const account = this.#open.get(residentId) ?? new Account(this.#limits, now);
    if (account.sockets >= this.#limits.socketsPerAccount) return null;
    account.sockets++;
    this.#open.set(residentId, account);
    return account;
  }

  leave(residentId: string): void {
    const account = this.#open.get(residentId);
    if (account !== undefined && --account.sockets === 0) this.#open.delete(residentId);
  }
}
