import { crc32 } from "node:zlib";

/** Points of one node on the ring, for a weight of 1. */
export const pointsPerNode = 160;

export interface Ring {
  /** The node a key belongs to; with `without`, the one its requests go to while that node is out. */
  nodeOf(key: string, without?: ReadonlySet<string>): string;
}

/**
 * The ring of nginx's `hash … consistent`, point for point, so that what is computed here is what the proxy does:
 * the first point of a node is crc32("host\0port" and four zero bytes), each next one takes the four bytes of the
 * point before it, least significant first (ngx_http_upstream_hash_module, compatible with Cache::Memcached::Fast).
 * @param nodes servers as their `server` lines name them, "node-1:3000"
 */
export function ringOf(nodes: readonly string[]): Ring {
  const points = nodes.flatMap((node) => pointsOf(node).map((hash) => ({ hash, node })));
  points.sort((a, b) => a.hash - b.hash);
  // Of equal points nginx keeps the first.
  const ring = points.filter(({ hash }, index) => index === 0 || hash !== points[index - 1]?.hash);
  return {
    nodeOf(key, without) {
      const start = firstAtLeast(ring, crc32(key));
      for (let step = 0; step < ring.length; step++) {
        const point = ring[(start + step) % ring.length];
        if (point && !without?.has(point.node)) return point.node;
      }
      throw new Error("no node is left");
    },
  };
}

function pointsOf(node: string): number[] {
  const [, host = node, port = ""] = /^(.*):(\d+)$/.exec(node) ?? [];
  const base = crc32(`${host}\0${port}`);
  const points: number[] = [];
  const before = Buffer.alloc(4);
  for (let index = 0; index < pointsPerNode; index++) {
    const point = crc32(before, base);
    points.push(point);
    before.writeUInt32LE(point);
  }
  return points;
}

/** Index of the first point that is not below `hash`; past the last one the ring begins again. */
function firstAtLeast(ring: readonly { hash: number }[], hash: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ring[middle]?.hash ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}
