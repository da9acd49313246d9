import { setTimeout as pause } from "node:timers/promises";

/** Between two slices, milliseconds, half as much or half as much again: several nodes that stop make no rhythm of it. */
export const slicePauseMs = 100;

/**
 * Ends sockets a part at a time. All at once, everyone would come back in the same moment, to a node that is about to carry
 * them all.
 */
export async function disconnectInSlices(
  sockets: readonly { disconnect(close: true): unknown }[],
  {
    slices,
    wait = pause,
    random = Math.random,
  }: { slices: number; wait?: (ms: number) => Promise<unknown>; random?: () => number },
): Promise<void> {
  const size = Math.max(1, Math.ceil(sockets.length / slices));
  for (let at = 0; at < sockets.length; at += size) {
    if (at > 0) await wait(slicePauseMs * (0.5 + random()));
    for (const socket of sockets.slice(at, at + size)) socket.disconnect(true);
  }
}
