import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";

/**
 * Whom a request counts against. Of `X-Forwarded-For` only as many entries are believed as there are proxies of ours in
 * front; what stands before them anyone can write.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? "";
  const forwarded = request.headers["x-forwarded-for"];
  const hops = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? ""))
    .split(",")
    .map((hop) => hop.trim())
    .filter((hop) => hop !== "");
  const chain = [direct, ...hops.reverse()];
  return countedAddress(chain[Math.min(trustedProxies, chain.length - 1)] ?? direct);
}

/** An IPv4 address as everyone writes it, mapped or not: most that come, and a crowd's are not parsed one by one. */
const plainAddress = /^(?:::ffff:)?((?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2}))$/;

/**
 * What every limit "for each address" counts by: an IPv4 address, also one that comes mapped into IPv6, and of IPv6 the
 * network of 64 bits. One line has at least that, and within it as many addresses as it likes (RFC 6177, RFC 4291 2.5.1).
 */
export function countedAddress(address: string): string {
  const plain = plainAddress.exec(address)?.[1];
  if (plain !== undefined) return plain;
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!("parts" in parsed)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(":")}::/64`;
}
