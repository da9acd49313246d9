/** Lets `perSecond` through on average and `burst` at once. Time in milliseconds, from the caller. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Takes `cost` tokens; false when there are not enough, and then takes none. */
  take(cost: number, now: number): boolean {
    this.#earn(now);
    if (this.#tokens < cost) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Takes `cost` tokens for what is done already, if need be on credit. */
  charge(cost: number, now: number): void {
    this.#earn(now);
    this.#tokens -= cost;
  }

  /** Whether credit has to be earned back first. */
  inDebt(now: number): boolean {
    this.#earn(now);
    return this.#tokens < 0;
  }

  #earn(now: number): void {
    const earned = (Math.max(0, now - this.#at) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#at = now;
  }
}
