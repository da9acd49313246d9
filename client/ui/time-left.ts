export interface TimeLeftParts {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** "last" is the last minute: it is worth a louder word. */
  readonly phase: "long" | "today" | "last" | "over";
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Splits what is left (ms); a started second still counts, so that "0" means over. */
export function splitTimeLeft(leftMs: number): TimeLeftParts {
  if (leftMs <= 0) return { days: 0, hours: 0, minutes: 0, seconds: 0, phase: "over" };
  const left = Math.ceil(leftMs / second) * second;
  return {
    days: Math.floor(left / day),
    hours: Math.floor((left % day) / hour),
    minutes: Math.floor((left % hour) / minute),
    seconds: Math.floor((left % minute) / second),
    phase: left >= day ? "long" : left > minute ? "today" : "last",
  };
}

/** "2:05:09" or "02:14": hours only when there are some. */
export function clockText({ hours, minutes, seconds }: TimeLeftParts): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}
