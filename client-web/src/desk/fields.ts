// The page's three kinds of fields, by whom they write to. A field says it itself, in its `data-` attributes.

import { numberOf } from "./actions.ts";
import type { DeskEvent } from "./state.ts";

export type Field =
  | { readonly of: "client"; readonly id: number }
  | { readonly of: "colleague"; readonly id: number }
  /** For a colleague, about this consultation. */
  | { readonly of: "summary"; readonly id: number };

export function fieldOf(target: EventTarget | null): Field | null {
  if (!(target instanceof HTMLTextAreaElement)) return null;
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
  }
}
