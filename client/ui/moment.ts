/** The date of a moment where this device is, for telling two of them apart. */
const dateOf = (at: number): string => new Date(at).toDateString();

/** True when only the clock needs to be said. */
export const isToday = (at: number, now: number): boolean => dateOf(at) === dateOf(now);

/** "5 March": with "March 5" the day and the hour would stand side by side. */
const localeOf = (language: string): string => (language === "en" ? "en-GB" : language);

/** The day of a moment, "3月5日" or "5 March", with the year when it is another one. */
export function dayText(at: number, now: number, language: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(localeOf(language), {
    ...(sameYear ? {} : { year: "numeric" }),
    month: "long",
    day: "numeric",
  }).format(at);
}

/**
 * A moment as one says it in the yard: "20:00" of today, otherwise "3月5日 20:00" or "5 March, 20:00", with the year
 * when it is another one. Day and clock are put together here: browsers differ in how they join them.
 */
export function momentText(at: number, now: number, language: string): string {
  const clock = new Intl.DateTimeFormat(localeOf(language), {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  if (isToday(at, now)) return clock.format(at);
  return `${dayText(at, now, language)}${language === "en" ? "," : ""} ${clock.format(at)}`;
}
