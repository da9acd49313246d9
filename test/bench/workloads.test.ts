import { expect, test } from "vitest";
import { isOurs, peerOf } from "./peers/all.ts";
import { workloadOf } from "./workloads/all.ts";

/** Each workload once, each server at least once: no number decides here, but each runs to its end. */
const pairs = [
  ["A", "hocuspocus"],
  ["B", "y-websocket-server-leveldb"],
  ["C", "y-websocket-server"],
  ["D", "ours"],
  ["E", "hocuspocus-sqlite"],
  ["F", "y-websocket-server"],
  ["G", "hocuspocus-redis"],
  ["G", "ours-nodes"],
  ["H", "y-websocket-server"],
  ["kills", "ours"],
  ["boards", "y-websocket-server"],
  ["sessions", "y-websocket-server"],
  ["ticks", "y-websocket-server"],
] as const;

test.each(pairs)(
  "workload %s runs to its end against %s; ours loses nothing",
  { timeout: 90_000 },
  async (id, peer) => {
    const workload = workloadOf(id);
    const { values, curve = [] } = await workload.run(peerOf(peer), "tiny", { kills: 1 });
    const keys = new Set([...Object.keys(values), ...curve.flatMap((point) => Object.keys(point))]);
    expect(workload.measures.filter(({ key }) => !keys.has(key))).toEqual([]);
    if (!isOurs(peer)) return;
    for (const [key, value] of Object.entries(values))
      if (/lost$/.test(key)) expect([key, value]).toEqual([key, 0]);
  },
);
