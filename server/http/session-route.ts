import { z } from "zod";
import { defineRoute, type Route } from "./route.ts";

/** `GET /api/v1/session`: a page whose socket was refused learns here whether it must sign in. */
export const sessionRoute = (): Route =>
  defineRoute(
    {
      method: "get",
      path: "/session",
      summary: "Whether this request carries a live session, and whose kind it is.",
      access: "anyone",
      body: null,
      result: z.strictObject({ holder: z.enum(["person", "kiosk"]).nullable(), needsPassword: z.boolean() }),
    },
    async ({ session }) => ({
      holder: session?.actor.kind ?? null,
      needsPassword: session?.needsPassword ?? false,
    }),
  );
