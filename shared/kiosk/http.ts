import { z } from "zod";
import { time } from "../wire/text.ts";

/** What a screen is given to show and to keep. */
export const pairingResult = z.strictObject({
  /** For people's eyes: `kioskLimits.codeLength` characters. */
  code: z.string(),
  /** For the screen alone; it claims its session with it. */
  secret: z.string(),
  expiresAt: time,
});

export const claimBody = z.strictObject({ secret: z.string().min(20).max(100) });

export const claimResult = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("waiting") }),
  /** The session is in the cookie of this answer, and in no other. */
  z.strictObject({ state: z.literal("paired") }),
]);
