// The page's kinds of fields, by whom they write to. A field says it itself, in its `data-` attributes.

import { numberOf } from "./actions.ts";
import { LINKS_MAX } from "./content.ts";
import type { DeskEvent } from "./state.ts";

export type Field =
  | { readonly of: "client"; readonly id: number }
  | { readonly of: "colleague"; readonly id: number }
  /** For a colleague, about this consultation. */
  | { readonly of: "summary"; readonly id: number }
  /** For every colleague on duty. */
  | { readonly of: "announcement" }
  /** For nobody: what is looked for in a list, and how many links. */
  | { readonly of: "query" }
  | { readonly of: "count" }
  /** A day of a report. */
  | { readonly of: "report"; readonly end: "from" | "to" };

export function fieldOf(target: EventTarget | null): Field | null {
  if (target instanceof HTMLInputElement) {
    if (target.dataset.picker !== undefined) return { of: "query" };
    const { count, report } = target.dataset;
    if (report === "from" || report === "to") return { of: "report", end: report };
    return count !== undefined ? { of: "count" } : null;
  }
  if (!(target instanceof HTMLTextAreaElement)) return null;
  if (target.dataset.announcement !== undefined) return { of: "announcement" };
  const { composer, whisper, summary } = target.dataset;
  const client = numberOf(composer);
  if (client !== null) return { of: "client", id: client };
  const colleague = numberOf(whisper);
  if (colleague !== null) return { of: "colleague", id: colleague };
  const about = numberOf(summary);
  return about === null ? null : { of: "summary", id: about };
}

/** What it means that somebody has written this into the field. */
export function eventOf(field: Field, text: string): DeskEvent {
  switch (field.of) {
    case "client":
      return { type: "draft", consultation: field.id, text };
    case "colleague":
      return { type: "whisper_draft", colleague: field.id, text };
    case "summary":
      return { type: "summary", consultation: field.id, text };
    case "announcement":
      return { type: "announcement", text };
    case "report":
      return { type: "report_days", days: { [field.end]: text } };
    case "query":
      return { type: "pick_query", query: text };
    case "count":
      return { type: "order", order: { count: Math.min(Math.max(numberOf(text) ?? 1, 1), LINKS_MAX) } };
  }
}
