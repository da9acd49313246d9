import type { IncomingMessage } from "node:http";

/**
 * The address a request came from. Of `X-Forwarded-For` only as many entries are believed as there are
 * proxies of ours in front; what stands before them anyone can write.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? "";
  const forwarded = request.headers["x-forwarded-for"];
  const hops = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? ""))
    .split(",")
    .map((hop) => hop.trim())
    .filter((hop) => hop !== "");
  const chain = [direct, ...hops.reverse()];
  return chain[Math.min(trustedProxies, chain.length - 1)] ?? direct;
}
