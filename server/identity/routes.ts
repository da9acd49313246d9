import type { Request, Response } from "express";
import { z } from "zod";
import { deviceLabel, deviceOf } from "../../shared/identity/device.ts";
import {
  firstOfficerBody,
  joinBody,
  lookUpBody,
  lookUpResult,
  passwordBody,
  signedIn,
  signInBody,
} from "../../shared/identity/http.ts";
import type { Clock } from "../clock.ts";
import type { EventLog } from "../events/log.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { Refusal } from "../refusal.ts";
import type { Storage } from "../storage/storage.ts";
import { createAccount } from "./account.ts";
import { giveCookie, takeCookie } from "./cookie.ts";
import { createEntry, type Entered } from "./entry.ts";
import { createFirstOfficer } from "./first-officer.ts";
import { createEntryLimits, entryLimits } from "./limits.ts";
import { createPasswordCheck } from "./password-check.ts";
import { createPasswords } from "./passwords.ts";
import type { OpenDoors } from "./session-ends.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface IdentityRouteDeps {
  storage: Storage;
  log: EventLog;
  clock: Clock;
  sessions: Sessions;
  doors: OpenDoors;
  secureCookies: boolean;
  /** Named limits of what one can try without a session. */
  limits?: typeof entryLimits;
}

/** The ways in and out. Every session begins with one of these and travels as a cookie from then on. */
export function createIdentityRoutes(deps: IdentityRouteDeps): Route[] {
  const passwords = createPasswords();
  const check = createPasswordCheck({ ...deps, passwords });
  const entry = createEntry({ ...deps, passwords, check });
  const account = createAccount({ ...deps, passwords, check });
  const becomeFirstOfficer = createFirstOfficer({ ...deps, passwords });
  const limits = createEntryLimits(deps.limits ?? entryLimits);

  const arrive = (response: Response, { residentId, token }: Entered) => {
    if (token !== null) giveCookie(response, token, deps.secureCookies);
    return { residentId };
  };

  return [
    defineRoute(
      {
        method: "post",
        path: "/invitations/look-up",
        summary: "What a slip or a link opens. Changes nothing.",
        access: "anyone",
        body: lookUpBody,
        result: lookUpResult,
      },
      ({ body, address, now }) => limits.attempt(address, body.code, () => entry.lookUp(body.code, now)),
    ),
    defineRoute(
      {
        method: "post",
        path: "/join",
        summary:
          "Makes a resident of the slip's household and signs them in. A repeat with the same attempt makes no second person.",
        access: "anyone",
        body: joinBody,
        result: signedIn,
      },
      async ({ body, address, session, request, response }) =>
        arrive(
          response,
          await limits.attempt(address, body.code, () =>
            entry.join({ ...body, device: deviceIn(request) }, session),
          ),
        ),
    ),
    defineRoute(
      {
        method: "post",
        path: "/sign-in",
        summary:
          "Signs in by a personal link; roles that need a password give it too, the first time sets it.",
        access: "anyone",
        body: signInBody,
        result: signedIn,
      },
      async ({ body, address, request, response }) =>
        arrive(
          response,
          await limits.attempt(address, body.code, () =>
            entry.signIn({ ...body, device: deviceIn(request) }),
          ),
        ),
    ),
    defineRoute(
      {
        method: "post",
        path: "/first-officer",
        summary: "Makes the community and its first officer by the link the first start prints. Works once.",
        access: "anyone",
        body: firstOfficerBody,
        result: signedIn,
      },
      async ({ body, address, request, response }) =>
        arrive(
          response,
          await limits.attempt(address, body.code, () =>
            becomeFirstOfficer({ ...body, device: deviceIn(request) }),
          ),
        ),
    ),
    defineRoute(
      {
        method: "post",
        path: "/sign-out",
        summary: "Ends this session. Repeating it changes nothing more.",
        access: "anyone",
        body: null,
        result: null,
      },
      async ({ session, response }) => {
        if (session) await account.signOut(session);
        takeCookie(response, deps.secureCookies);
      },
    ),
    defineRoute(
      {
        method: "post",
        path: "/password",
        summary:
          "Raises this session by the password (the first time sets it), or changes it with newPassword.",
        access: "session",
        body: passwordBody,
        result: z.strictObject({}),
      },
      async ({ body, address, session }) => {
        const { actor } = signedInAs(session);
        await limits.attempt(address, actor.sessionId, () => account.givePassword(signedInAs(session), body));
        return {};
      },
    ),
  ];
}

const deviceIn = (request: Request): string => deviceLabel(deviceOf(request.get("user-agent") ?? ""));

function signedInAs(session: Session | null): Session {
  if (!session) throw new Refusal("not-signed-in", "No session.");
  return session;
}
