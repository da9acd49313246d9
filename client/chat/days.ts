const day = 86_400_000;

/** The day a moment belongs to where this device is: "2026-3-5". */
export function dayKey(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** How a day is named: today, yesterday, else by date (with the year when it is another one). */
export function dayName(at: number, now: number): "today" | "yesterday" | "date" | "date-with-year" {
  if (dayKey(at) === dayKey(now)) return "today";
  if (dayKey(at) === dayKey(now - day)) return "yesterday";
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? "date" : "date-with-year";
}
