import { useTranslation } from "react-i18next";
import { useServerNow } from "../state/app.tsx";
import { dayName } from "./days.ts";

export interface ClockTexts {
  /** "18:05" */
  time(at: number): string;
  /** "今天", "3月5日" */
  day(at: number): string;
  /** "18:05" today, with its day otherwise. */
  moment(at: number): string;
}

interface Formats {
  time: Intl.DateTimeFormat;
  date: Intl.DateTimeFormat;
  dateWithYear: Intl.DateTimeFormat;
}

/** Making a format takes a hundred times as long as using it, and each message uses one. */
const made = new Map<string, Formats>();

function formatsOf(language: string): Formats {
  const known = made.get(language);
  if (known) return known;
  const formats = {
    time: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    date: new Intl.DateTimeFormat(language, { month: "long", day: "numeric" }),
    dateWithYear: new Intl.DateTimeFormat(language, { year: "numeric", month: "long", day: "numeric" }),
  };
  made.set(language, formats);
  return formats;
}

/** Moments in words, in the reader's language and as this device counts hours. */
export function useClock(): ClockTexts {
  const { t, i18n } = useTranslation("chat");
  const serverNow = useServerNow();
  const formats = formatsOf(i18n.language);
  const time = (at: number) => formats.time.format(at);
  const day = (at: number) => {
    const name = dayName(at, serverNow());
    if (name === "date") return formats.date.format(at);
    return name === "date-with-year" ? formats.dateWithYear.format(at) : t(name);
  };
  const moment = (at: number) => (dayName(at, serverNow()) === "today" ? time(at) : `${day(at)} ${time(at)}`);
  return { time, day, moment };
}
