import { wallTimeZone } from "../../shared/kiosk/model.ts";
import type { WallState } from "./wall-state.ts";

const minute = 60_000;

/** Where the band with clock and QR is. Nothing that never changes may stay in one place, or it burns in. */
export interface BandPlace {
  /** The side of the scene: left or right of it, on an upright screen above or below. */
  edge: "start" | "end";
  /** The end of the band at which the QR is. */
  qr: "start" | "end";
}

const bandStays = 4 * minute;

export function bandPlace(now: number): BandPlace {
  const turn = Math.floor(now / bandStays) % 4;
  return { edge: turn % 2 === 0 ? "end" : "start", qr: turn < 2 ? "end" : "start" };
}

const steps = [0, 2, 4, 6, 4, 2, 0, -2, -4, -6, -4, -2];

/** The whole picture moves a few pixels each minute; never the same way twice in an hour. */
export function nudge(now: number): { x: number; y: number } {
  const at = Math.floor(now / minute);
  return { x: steps[at % steps.length] ?? 0, y: steps[Math.floor(at / 5) % steps.length] ?? 0 };
}

/** Hour and minute where the wall hangs. */
function timeOfDay(now: number): { hour: number; minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: wallTimeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return { hour: of("hour"), minute: of("minute") };
}

/** From 21 to 7 the wall is dimmed: people sleep behind the windows opposite. */
export function isNight(now: number): boolean {
  const { hour } = timeOfDay(now);
  return hour >= 21 || hour < 7;
}

export const clockText = (now: number, language: string): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: wallTimeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(now);

/** A date that no line breaks before its number. */
export const dateText = (now: number, language: string): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: wallTimeZone,
    month: "long",
    day: "numeric",
    weekday: "long",
  })
    .format(now)
    .replace(/ (?=\d)/, "\u00a0");

/** Shown from here on that the picture is old. */
const ageShownAfter = 5_000;

export interface PictureAge {
  /** Whole minutes since the server was heard. */
  minutes: number;
  /** When that was. */
  from: number;
}

/** How old the picture is, once the line has been broken for a moment. @param device this device's clock */
export function pictureAge(state: WallState, device: number): PictureAge | null {
  if (state.brokenAt === null || state.heardAt === null) return null;
  if (device - state.brokenAt < ageShownAfter) return null;
  const since = device + state.clockOffset - state.heardAt;
  return { minutes: Math.max(0, Math.floor(since / minute)), from: state.heardAt };
}

/** Half a minute before a vote closes, and a moment after, nothing may take the picture away. */
const voteGuard = { before: 30_000, after: 5_000 };
/** A page that has stood longer than this is opened anew in the small hours. */
const freshPage = 12 * 3_600_000;

/** Whether the screen may load itself anew now. */
export const mayReload = (state: WallState, now: number): boolean =>
  !(state.view?.votes ?? []).some(
    ({ state: vote, closesAt }) =>
      vote === "open" &&
      closesAt !== null &&
      closesAt - now < voteGuard.before &&
      now - closesAt < voteGuard.after,
  );

/**
 * Why the page should be loaded anew, or null: another version is served, the server does not talk to this one any
 * more, or once a night, so that whatever a browser gathers in months is let go.
 */
export function reloadReason(
  state: WallState,
  page: { build: string | null; loadedAt: number },
  now: number,
): "version" | "night" | null {
  if (state.status === "too-old") return "version";
  if (state.status !== "online") return null;
  if (page.build !== null && state.build !== null && page.build !== state.build) return "version";
  const { hour } = timeOfDay(now);
  return hour === 4 && now - page.loadedAt > freshPage ? "night" : null;
}
