import type { IncomingMessage } from "node:http";

/**
 * Whether a request may act with the session its browser attaches. A browser names the page's origin on
 * every upgrade and every request that changes something; another site's is refused. Programs outside a
 * browser send no Origin and carry their token knowingly.
 */
export interface OriginCheck {
  allows(request: IncomingMessage): boolean;
}

/** @param publicUrl origin people use; null compares with the request's own Host. */
export const createOriginCheck = (publicUrl: string | null): OriginCheck => ({
  allows: ({ headers }) => {
    const { origin, host } = headers;
    if (origin === undefined) return headers["sec-fetch-site"] !== "cross-site";
    if (!URL.canParse(origin)) return false;
    const parsed = new URL(origin);
    return publicUrl === null ? parsed.host === host : parsed.origin === publicUrl;
  },
});
