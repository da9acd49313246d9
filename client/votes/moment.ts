const day = 24 * 3_600_000;

/** A moment as one says it in the yard: the clock for today, the date for the rest. */
export function momentText(at: number, now: number, language: string): string {
  const near = Math.abs(now - at) < day && new Date(at).getDate() === new Date(now).getDate();
  return new Intl.DateTimeFormat(language, {
    ...(near ? {} : { month: "numeric", day: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(at);
}
