import { stringifySetCookie } from "cookie";
import type { Response } from "express";
import { sessionCookie } from "./sessions.ts";

/** The longest browsers keep a cookie; the server alone decides when the session is over. */
const keptSeconds = 400 * 24 * 3600;

const attributes = (secure: boolean) =>
  ({ path: "/", httpOnly: true, sameSite: "lax", secure, priority: "high" }) as const;

/** Gives the browser its session. `secure` is set when people reach the server by https. */
export function giveCookie(response: Response, token: string, secure: boolean): void {
  response.append(
    "Set-Cookie",
    stringifySetCookie({ name: sessionCookie, value: token, maxAge: keptSeconds, ...attributes(secure) }),
  );
}

export function takeCookie(response: Response, secure: boolean): void {
  response.append(
    "Set-Cookie",
    stringifySetCookie({ name: sessionCookie, value: "", maxAge: 0, ...attributes(secure) }),
  );
}
