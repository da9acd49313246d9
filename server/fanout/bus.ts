/**
 * How nodes call to one another. Whoever is told something may miss it, and nothing depends on it: what must not be
 * lost is in the database, and the bus only says that it is there (INV-5).
 */
export interface Bus {
  /** Whether, as far as this node can tell, what is told now is heard. */
  healthy(): boolean;
  /** Tells everyone who listens on a channel, this node excepted. Never waits, never throws. */
  publish(channel: string, message: Uint8Array): void;
  /** Hears what other nodes tell on a channel, until `close`. `ready` resolves when it is heard from now on. */
  subscribe(channel: string, hear: (message: Uint8Array) => void): { ready: Promise<void>; close(): void };
  /** Calls back whenever the bus has come back after it could not be trusted: what was missed must be looked up. */
  onBack(listener: () => void): void;
  close(): Promise<void>;
}

/** For one node alone, and for nodes without Redis, which follow one another through the database. */
export const silentBus: Bus = {
  healthy: () => false,
  publish: () => {},
  subscribe: () => ({ ready: Promise.resolve(), close: () => {} }),
  onBack: () => {},
  close: async () => {},
};
