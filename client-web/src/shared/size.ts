// How long a file or a sound is, in the reader's language.

import type { Language } from "./text.ts";

const KILOBYTE = 1_000;
const MEGABYTE = 1_000_000;

const megabytes = perLanguage(
  (language) =>
    new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }),
);
const kilobytes = perLanguage(
  (language) =>
    new Intl.NumberFormat(language, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 }),
);

/** `2.3 MB`, on one line; what is smaller than one, in kB, of which everything has at least one. */
export function sizeOf(language: Language, bytes: number): string {
  const size =
    bytes >= MEGABYTE
      ? megabytes(language).format(bytes / MEGABYTE)
      : kilobytes(language).format(Math.max(1, Math.floor(bytes / KILOBYTE)));
  return size.replaceAll(" ", "\u00a0");
}

const SECONDS_PER_MINUTE = 60;

const minutes = perLanguage((language) => new Intl.NumberFormat(language));
const seconds = perLanguage((language) => new Intl.NumberFormat(language, { minimumIntegerDigits: 2 }));

/** `0:23`, of whole seconds. */
export function durationOf(language: Language, exactSeconds: number): string {
  const whole = Math.round(exactSeconds);
  const left = seconds(language).format(whole % SECONDS_PER_MINUTE);
  return `${minutes(language).format(Math.floor(whole / SECONDS_PER_MINUTE))}:${left}`;
}

/** Formats are dear to make, and shown again and again. */
export function perLanguage<Format>(make: (language: Language) => Format): (language: Language) => Format {
  const made = new Map<Language, Format>();
  return (language) => {
    const format = made.get(language) ?? make(language);
    made.set(language, format);
    return format;
  };
}
