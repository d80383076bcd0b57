// The service card: what a client reads before pressing Start. Mirrors docs/protocol.md section 4.

import { isLanguage, type Language } from "./languages.ts";
import { CardError, member, openSigned, stringOf, timeOf } from "./signed-json.ts";
import { SUBJECT, SUBJECT_BY_NAME, type Subject } from "./triage.ts";

export const CARD_MAX_BYTES = 16_384;
const TEXT_MAX_CHARACTERS = 1000;
const EXIT_MAX_BYTES = 255;
/** `https`, a name (no number, no port, nobody's account) and perhaps a path. All of it is ASCII. */
const EXIT = /^https:\/\/(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+(?!\d)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\/[!-~]*)?$/;

export { CardError } from "./signed-json.ts";

/** One text by language. There is always an English one. */
export type CardText = { readonly en: string } & Readonly<Record<Language, string>>;

export interface ServiceCard {
  /** Seconds since 1970. */
  readonly issued: number;
  readonly name: CardText;
  readonly about: CardText;
  readonly hours: CardText;
  readonly emergency: CardText;
  /** What clients choose from, in this order, and rather not saying last. All when absent. */
  readonly subjects?: readonly Subject[];
  /** The site that takes the page's place at a quick exit. */
  readonly exit?: string;
}

/** Parses nothing before the signature has been verified. */
export function openCard(bytes: Uint8Array, authority: Uint8Array): ServiceCard {
  const card = openSigned("service card", bytes, CARD_MAX_BYTES, authority);
  return {
    issued: timeOf(member(card, "issued")),
    name: textOf(member(card, "name")),
    about: textOf(member(card, "about")),
    hours: textOf(member(card, "hours")),
    emergency: textOf(member(card, "emergency")),
    ...subjectsOf(member(card, "subjects")),
    ...exitOf(member(card, "exit")),
  };
}

function subjectsOf(value: unknown): Pick<ServiceCard, "subjects"> {
  if (value === undefined) return {};
  if (!Array.isArray(value) || value.length === 0) throw new CardError("malformed");
  if (new Set(value).size !== value.length) throw new CardError("malformed");
  const subjects = value.map((name) => {
    const subject = SUBJECT_BY_NAME.get(name);
    if (subject === undefined) throw new CardError("malformed");
    return SUBJECT[subject];
  });
  return { subjects };
}

function exitOf(value: unknown): Pick<ServiceCard, "exit"> {
  if (value === undefined) return {};
  const exit = stringOf(value);
  if (exit.length > EXIT_MAX_BYTES || !EXIT.test(exit)) throw new CardError("malformed");
  return { exit };
}

function textOf(value: unknown): CardText {
  const en = characters(member(value, "en"));
  const texts = Object.entries(Object(value)).map(([language, text]): readonly [Language, string] => {
    if (!isLanguage(language)) throw new CardError("malformed");
    return [language, characters(text)];
  });
  return { ...Object.fromEntries(texts), en };
}

function characters(value: unknown): string {
  const text = stringOf(value);
  // Counts code points: what Unicode calls characters, and what a Rust `char` is.
  if (text === "" || [...text].length > TEXT_MAX_CHARACTERS) throw new CardError("malformed");
  return text;
}
