import { createHash, createSecretKey } from "node:crypto";
import type { Installation } from "../../server/fanout/installation.ts";
import type { BoardNews } from "../../server/sync/ports.ts";

/** The installation of a test that has no database. */
export const testInstallation = (name = "test"): Installation => ({
  prefix: `yuanba:${name}:`,
  key: createSecretKey(createHash("sha256").update(name).digest()),
});

/** Hears nothing but what a test names. */
export const boardNews = (heard: Partial<BoardNews>): BoardNews => ({
  committed: () => {},
  presence: () => {},
  whoIsThere: () => {},
  turn: () => {},
  occupied: () => {},
  renewed: () => {},
  ...heard,
});
