export interface ConnectionLimits {
  maxConnections: number;
  maxConnectionsPerAddress: number;
}

/** Counts what is open towards browsers, in all and for each address, whatever way it came. */
export interface Connections {
  /** The status that refuses one more from this address, or null when there is room. */
  full(address: string): 429 | 503 | null;
  /** Counts one more. @returns what takes it off again; calling that twice changes nothing more */
  take(address: string): () => void;
  open(): number;
}

export function createConnections(limits: ConnectionLimits): Connections {
  const perAddress = new Map<string, number>();
  let open = 0;
  return {
    full: (address) => {
      if (open >= limits.maxConnections) return 503;
      return (perAddress.get(address) ?? 0) >= limits.maxConnectionsPerAddress ? 429 : null;
    },
    take: (address) => {
      open += 1;
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      let taken = true;
      return () => {
        if (!taken) return;
        taken = false;
        open -= 1;
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left > 0) perAddress.set(address, left);
        else perAddress.delete(address);
      };
    },
    open: () => open,
  };
}
