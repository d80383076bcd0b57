// Which days a report is about. Pure.

import type { ReportDays } from "./content.ts";
import type { Tools } from "./tools.ts";

/** What the worker has said; for the rest, the month before this one (UTC, as periods are). */
export function reportDays({ reportDays: said }: Pick<Tools, "reportDays">, now: number): ReportDays {
  const today = new Date(now * 1000);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  return {
    from: said.from ?? dayOf(new Date(Date.UTC(year, month - 1, 1))),
    to: said.to ?? dayOf(new Date(Date.UTC(year, month, 0))),
  };
}

/** Whether they are two days, the first not after the last. Written so, days are in the order of their letters. */
export function areDays({ from, to }: ReportDays): boolean {
  const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
  return isDay(from) && isDay(to) && from <= to;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
