import { z } from "zod";
import { id, line } from "../wire/text.ts";
import { longestDisplayName, longestPassword } from "./rules.ts";

/** What a slip or a link carries: typed by hand, so spaces and case are forgiven later. */
const code = z.string().min(1).max(100);
/** Kept exactly as typed; only its length is bounded here, its strength is a rule. */
const password = z
  .string()
  .min(1)
  .max(longestPassword * 4);
export const displayName = line(longestDisplayName);

export const lookUpBody = z.strictObject({ code });
export const lookUpResult = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("household"), courtyard: z.string(), door: z.string() }),
  z.strictObject({
    kind: z.literal("sign-in"),
    displayName: z.string(),
    /** The link alone is not enough: a role that needs the password is held. */
    needsPassword: z.boolean(),
    hasPassword: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("first-officer") }),
]);

/** Made by the client once for one attempt, so that a repeat makes no second person. */
const attempt = z.string().regex(/^[A-Za-z0-9_-]{20,40}$/);

export const joinBody = z.strictObject({ code, displayName, attempt });
export const signInBody = z.strictObject({ code, password: password.optional() });
export const firstOfficerBody = z.strictObject({ code, communityName: line(40), displayName, password });
export const passwordBody = z.strictObject({ password, newPassword: password.optional() });
/** Who is signed in now; the token itself travels in the cookie only. */
export const signedIn = z.strictObject({ residentId: id });

export type LookUp = z.output<typeof lookUpResult>;
