import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { deviceLabel, deviceOf } from "../../shared/identity/device.ts";
import { claimBody, claimResult, pairingResult } from "../../shared/kiosk/http.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { giveCookie } from "../identity/cookie.ts";
import { createEntryLimits } from "../identity/limits.ts";
import type { Sessions } from "../identity/sessions.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import { addPairing, claimPairing } from "./pairings.ts";

/** Limits of what a screen without a session can ask, of one node; points in `duration` seconds. */
export const pairingLimits = {
  /** Codes made for one address: a screen needs one in ten minutes, and an office may hang up many. */
  codesOfAddress: { points: 60, duration: 600 },
  failuresOfAddress: { points: 60, duration: 600 },
  /** A screen asks every few seconds whether its code was confirmed. */
  callsOfCode: { points: 600, duration: 600 },
};

/** The way in of a screen: it shows a code, waits, and takes its session once. */
export function createKioskRoutes(deps: {
  storage: Pick<Storage, "write">;
  sessions: Pick<Sessions, "start">;
  secureCookies: boolean;
  limits?: typeof pairingLimits;
}): Route[] {
  const { storage, sessions, secureCookies, limits = pairingLimits } = deps;
  const codes = new RateLimiterMemory(limits.codesOfAddress);
  const claims = createEntryLimits(limits);

  return [
    defineRoute(
      {
        method: "post",
        path: "/kiosk/pairings",
        summary:
          "Begins a pairing: a code for people to read off the screen, a secret for the screen to keep.",
        access: "anyone",
        body: null,
        result: pairingResult,
      },
      async ({ address, now }) => {
        await codes.consume(address).catch((verdict: unknown) => {
          if (!(verdict instanceof RateLimiterRes)) throw verdict;
          const seconds = Math.max(1, Math.ceil(verdict.msBeforeNext / 1000));
          throw new Refusal("rate-limited", "Too many codes for one address.", { seconds });
        });
        return storage.write((tx) => addPairing(tx, now));
      },
    ),
    defineRoute(
      {
        method: "post",
        path: "/kiosk/pairings/claim",
        summary:
          "Asks whether the pairing was confirmed; the first time it was, gives the screen its session.",
        access: "anyone",
        body: claimBody,
        result: claimResult,
      },
      async ({ body, address, request, response, now }) => {
        const { state, token } = await claims.attempt(address, body.secret, () =>
          storage.write(async (tx) => {
            const claim = await claimPairing(tx, body.secret, now);
            if (claim.state === "waiting") return { state: claim.state, token: null };
            const { kioskId, communityId } = claim;
            const device = deviceLabel(deviceOf(request.get("user-agent") ?? ""));
            const { token } = await sessions.start(tx, { communityId, kioskId, device });
            return { state: claim.state, token };
          }),
        );
        if (token !== null) giveCookie(response, token, secureCookies);
        return { state };
      },
    ),
  ];
}
