/** A timer that can be called off. */
export type Timer = { cancel(): void };

/** All waiting of the rooms goes through this, so that tests can drive time. `ms` is in milliseconds. */
export type Timers = {
  /** Milliseconds since 1970 or nearly; never goes back, whatever becomes of the machine's clock. */
  now(): number;
  after(ms: number, run: () => void): Timer;
};

/** The real clock and timers; a waiting timer never keeps the process alive. */
export const systemTimers: Timers = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
