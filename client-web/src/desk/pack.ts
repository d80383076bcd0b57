// Finds and fills the service's texts. Pure: no DOM, no clock.

import type { CardKind } from "../protocol/card-text.ts";
import { inTurn } from "../protocol/languages.ts";
import type { Language } from "../shared/text.ts";
import type { Pack, Worded } from "./content.ts";
import { timeOf } from "./format.ts";
import { type DeskState, find } from "./model.ts";
import { textIn } from "./sources.ts";

/** One thing to choose from a list with type-ahead. */
export interface Option {
  readonly id: string;
  /** In the language of the page, for the worker. */
  readonly title: string;
  /** In the language of the client, as it would be sent. */
  readonly body: string;
  /** What the body is written in. */
  readonly language: Language;
  readonly emergency: boolean;
  /** Of a card. */
  readonly kind: CardKind | null;
}

/** In the language asked for; otherwise in those that stand in for it, otherwise in any. */
export function wordsIn(words: Worded, language: Language): { text: string; language: Language } | null {
  for (const one of inTurn(language)) {
    const text = words[one];
    if (typeof text === "string") return { text, language: one };
  }
  return null;
}

/** What the list above a client's field offers, emergencies first. */
export function optionsOf(state: DeskState): readonly Option[] {
  const { picker } = state.tools;
  const conversation = picker === null ? undefined : find(state, picker.consultation);
  if (picker === null || conversation === undefined || state.pack === null) return [];
  const client = conversation.consultation.language;
  const offered = picker.of === "replies" ? repliesFor(state, state.pack, client) : cardsFor(state, client);
  return offered.filter((it) => fitsQuery(it, picker.query));
}

/** The marked one; a list that has become shorter still has one. */
export function markedOption(state: DeskState): Option | null {
  const options = optionsOf(state);
  return options[Math.min(state.tools.picker?.at ?? 0, options.length - 1)] ?? null;
}

/** What the arrow keys move to: from the last to the first. */
export function nextAt(state: DeskState, step: 1 | -1): number {
  const { length } = optionsOf(state);
  if (length === 0) return 0;
  const at = Math.min(state.tools.picker?.at ?? 0, length - 1);
  return (at + step + length) % length;
}

/** Every word of the query begins a word of the title, or stands somewhere in the body. */
export function fitsQuery({ title, body }: Pick<Option, "title" | "body">, query: string): boolean {
  const asked = plain(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  const titleWords = plain(title).split(/[^\p{L}\p{N}]+/u);
  const whole = plain(body);
  return asked.every((word) => titleWords.some((it) => it.startsWith(word)) || whole.includes(word));
}

function plain(text: string): string {
  return text.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "");
}

function repliesFor(state: DeskState, pack: Pack, client: Language): readonly Option[] {
  const offered = pack.replies.flatMap(({ id, emergency, title, text }): readonly Option[] => {
    const words = wordsIn(text, client);
    if (words === null) return [];
    const body = filled(state, pack, words.text, words.language);
    const named = wordsIn(title, state.language)?.text ?? id;
    return [{ id, title: named, body, language: words.language, emergency, kind: null }];
  });
  return [...offered.filter((it) => it.emergency), ...offered.filter((it) => !it.emergency)];
}

function cardsFor(state: DeskState, client: Language): readonly Option[] {
  return (state.pack?.cards ?? []).flatMap(({ id, kind, title, body }): readonly Option[] => {
    const words = wordsIn(body, client);
    const named = wordsIn(title, state.language)?.text ?? id;
    if (words === null) return [];
    return [{ id, title: named, body: words.text, language: words.language, emergency: false, kind }];
  });
}

/** Puts in what the page knows. What it does not know stays, for the worker to see. */
export function filled(state: DeskState, pack: Pack, body: string, language: Language): string {
  const { worker } = state;
  const values: Readonly<Record<string, string | null | undefined>> = {
    alias: worker?.alias,
    role: worker === null ? null : textIn(language)(`role-${worker.role}`),
    service: worker === null ? null : wordsIn(worker.service, language)?.text,
    hours: wordsIn(pack.hours, language)?.text,
    time: timeOf(language, state.now),
  };
  return body.replaceAll(
    /\{(alias|role|service|hours|time)\}/g,
    (whole, name: string) => values[name] ?? whole,
  );
}
