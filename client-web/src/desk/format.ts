// Times and figures in the worker's language. The console's clock is this machine's.

import { perLanguage } from "../shared/size.ts";
import type { Language } from "../shared/text.ts";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

export interface Moment {
  readonly time: string;
  /** The weekday and date, when it is not the same day as now. */
  readonly day: string | null;
}

/** The desk shows hundreds of them. */
const figures = perLanguage((language) => new Intl.NumberFormat(language));
const percents = perLanguage((language) => new Intl.NumberFormat(language, { style: "percent" }));
const times = perLanguage(
  (language) => new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
);
const days = perLanguage(
  (language) => new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" }),
);

const names = perLanguage((language) => new Intl.DisplayNames(language, { type: "language" }));

/** What a language is called in another. */
export function languageIn(language: Language, named: Language): string {
  return names(language).of(named) ?? named;
}

export function figure(language: Language, count: number): string {
  return figures(language).format(count);
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
