import type { RoomLimits } from "../../shared/board/limits.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What one message has made a board do. */
export type Cost = {
  /** New structs, and a tenth of what they make Yjs walk over. */
  work: number;
  /** What of it stays on the board: new structs, or as many bytes. */
  growth: number;
  /** Client ids the board had not seen before. */
  newClients: number;
};

/** What one person's board sockets may do together, whatever boards they are on. */
export class Account {
  sockets = 0;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #work: TokenBucket;
  /** What stays: a board and its log grow with every struct, and slow down with every client id. */
  readonly #growth: TokenBucket;
  readonly #history: TokenBucket;
  readonly #clients: TokenBucket;
  #barredUntil = Number.NEGATIVE_INFINITY;

  constructor(limits: RoomLimits, now: number) {
    this.#messages = new TokenBucket(limits.accountMessagesPerSecond, limits.accountMessageBurst, now);
    this.#bytes = new TokenBucket(limits.accountBytesPerSecond, limits.accountByteBurst, now);
    this.#work = new TokenBucket(limits.accountWorkPerSecond, limits.accountWorkBurst, now);
    this.#growth = new TokenBucket(limits.accountGrowthPerSecond, limits.accountGrowthBurst, now);
    this.#history = new TokenBucket(limits.accountHistoryPerSecond, limits.accountHistoryBurst, now);
    this.#clients = new TokenBucket(limits.accountClientsPerSecond, limits.accountClientBurst, now);
  }

  mayReceive(bytes: number, now: number): boolean {
    return !this.owes(now) && this.#messages.take(1, now) && this.#bytes.take(bytes, now);
  }

  /** Whether what was done already has to be earned back first, or it is barred. */
  owes(now: number): boolean {
    return (
      now < this.#barredUntil ||
      this.#work.inDebt(now) ||
      this.#growth.inDebt(now) ||
      this.#history.inDebt(now) ||
      this.#clients.inDebt(now)
    );
  }

  /** Notes what asking cost, which leaves nothing behind. */
  chargeWork(work: number, now: number): void {
    this.#work.charge(work, now);
  }

  /** Notes what the changes of a tick leave in the history of a board, bytes. */
  chargeHistory(bytes: number, now: number): void {
    this.#history.charge(bytes, now);
  }

  /** Takes nothing more for so long, milliseconds. */
  bar(ms: number, now: number): void {
    this.#barredUntil = Math.max(this.#barredUntil, now + ms);
  }

  /** Notes what an edit cost. It is known only when it is done, so the next message pays for what was too much. */
  chargeEdit({ work, growth, newClients }: Cost, now: number): void {
    this.#work.charge(work, now);
    this.#growth.charge(growth, now);
    this.#clients.charge(newClients, now);
  }
}

/**
 * The people with board sockets on this node. Who has left is remembered, as long as there is room: coming back must
 * not wipe out what is owed.
 */
export class Accounts {
  readonly #limits: RoomLimits;
  /** Those who have left last are last among those who have left. */
  readonly #known = new Map<string, Account>();
  /** What each shows, also from other nodes. Debts are small and short here: the oldest may always be forgotten. */
  readonly #showing = new Map<string, TokenBucket>();

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** One more socket of a person; null when they have as many as they may. */
  enter(residentId: string, now: number): Account | null {
    const account = this.#known.get(residentId) ?? new Account(this.#limits, now);
    if (account.sockets >= this.#limits.socketsPerAccount) return null;
    account.sockets++;
    this.#known.set(residentId, account);
    return account;
  }

  /** Whether what a person shows may be passed on now, which makes this node send so many bytes. If not, it waits. */
  mayShow(residentId: string, bytes: number, now: number): boolean {
    const shown = this.#showing.get(residentId) ?? this.#beginToShow(residentId, now);
    if (shown.inDebt(now)) return false;
    shown.charge(bytes, now);
    return true;
  }

  /** Whoever has thrown everybody out of a board by what no honest program does is kept from writing for a while. */
  bar(residentId: string, now: number): void {
    this.#known.get(residentId)?.bar(this.#limits.barredFor, now);
  }

  leave(residentId: string): void {
    const account = this.#known.get(residentId);
    if (account === undefined || --account.sockets > 0) return;
    this.#known.delete(residentId);
    this.#known.set(residentId, account);
    if (this.#known.size > this.#limits.accountsRemembered) this.#forgetOne();
  }

  #beginToShow(residentId: string, now: number): TokenBucket {
    const { accountPresencePerSecond, accountPresenceBurst, accountsRemembered } = this.#limits;
    const [oldest] = this.#showing.keys();
    if (oldest !== undefined && this.#showing.size >= accountsRemembered) this.#showing.delete(oldest);
    const bucket = new TokenBucket(accountPresencePerSecond, accountPresenceBurst, now);
    this.#showing.set(residentId, bucket);
    return bucket;
  }

  #forgetOne(): void {
    for (const [residentId, { sockets }] of this.#known) {
      if (sockets > 0) continue;
      this.#known.delete(residentId);
      return;
    }
  }
}
