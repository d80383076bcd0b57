// Times and figures in the worker's language. The console's clock is this machine's.

import type { Language } from "../shared/text.ts";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const KILOBYTE = 1_000;
const MEGABYTE = 1_000_000;

export interface Moment {
  readonly time: string;
  /** The weekday and date, when it is not the same day as now. */
  readonly day: string | null;
}

/** Formats are dear to make, and the desk shows hundreds of times. */
const figures = perLanguage((language) => new Intl.NumberFormat(language));
const megabytes = perLanguage(
  (language) =>
    new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }),
);
const kilobytes = perLanguage(
  (language) =>
    new Intl.NumberFormat(language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }),
);
const percents = perLanguage((language) => new Intl.NumberFormat(language, { style: "percent" }));
const times = perLanguage(
  (language) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
);
const days = perLanguage(
  (language) => new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" }),
);

export function figure(language: Language, count: number): string {
  return figures(language).format(count);
}

/** `2.3 MB`, on one line; what is smaller than one, in kB, of which everything has at least one. */
export function sizeOf(language: Language, bytes: number): string {
  const size =
    bytes >= MEGABYTE
      ? megabytes(language).format(bytes / MEGABYTE)
      : kilobytes(language).format(Math.max(1, Math.floor(bytes / KILOBYTE)));
  return size.replaceAll(" ", "\u00a0");
}

/** Whole percents; 100 only when everything is there. */
export function percentOf(language: Language, came: number, size: number): string {
  const whole = size === 0 ? 0 : Math.floor((100 * Math.min(came, size)) / size);
  return percents(language).format(whole / 100);
}

/** `14:05`, and the day if it is another one. */
export function clockOf(language: Language, seconds: number, now: number): Moment {
  const date = new Date(seconds * 1000);
  return {
    time: timeOf(language, seconds),
    day: date.toDateString() === new Date(now * 1000).toDateString() ? null : days(language).format(date),
  };
}

export function timeOf(language: Language, seconds: number): string {
  return times(language).format(new Date(seconds * 1000));
}

function perLanguage<Format>(make: (language: Language) => Format): (language: Language) => Format {
  const made = new Map<Language, Format>();
  return (language) => {
    const format = made.get(language) ?? make(language);
    made.set(language, format);
    return format;
  };
}

export type Waited =
  | { readonly unit: "now" }
  | { readonly unit: "minutes" | "hours"; readonly count: number };

/** Whole minutes, and after an hour whole hours; clocks that disagree never give less than nothing. */
export function waited(since: number, now: number): Waited {
  const seconds = Math.max(0, now - since);
  if (seconds < MINUTE_SECONDS) return { unit: "now" };
  if (seconds < HOUR_SECONDS) return { unit: "minutes", count: Math.floor(seconds / MINUTE_SECONDS) };
  return { unit: "hours", count: Math.floor(seconds / HOUR_SECONDS) };
}
