import { hocuspocus, hocuspocusRedis, hocuspocusSqlite } from "./hocuspocus.ts";
import type { Peer } from "./peer.ts";
import { yWebsocketServer, yWebsocketServerLevel } from "./y-websocket-server.ts";
import { yuanba, yuanbaNodes } from "./yuanba.ts";

export const allPeers: readonly Peer[] = [
  yuanba,
  yuanbaNodes,
  yWebsocketServer,
  yWebsocketServerLevel,
  hocuspocus,
  hocuspocusSqlite,
  hocuspocusRedis,
];

/** Our own servers; the others are what they are compared with. */
export const isOurs = (id: string): boolean => id === yuanba.id || id === yuanbaNodes.id;

/** @throws for an id that no peer has */
export function peerOf(id: string): Peer {
  const found = allPeers.find((peer) => peer.id === id);
  if (!found)
    throw new Error(`no peer is called ${id}; there are ${allPeers.map((peer) => peer.id).join(", ")}`);
  return found;
}
