// What a client reads while it waits: cards of one language. Mirrors docs/protocol.md section 4.

import { CARD_KINDS, type CardKind, cardFits } from "./card-text.ts";
import { isLanguage, type Language } from "./languages.ts";
import { CardError, member, openSigned, stringOf, timeOf } from "./signed-json.ts";

export const LEAFLETS_MAX_BYTES = 65_536;
const CARDS_MAX = 64;
const NAME = /^[a-z0-9_-]{1,40}$/;

export interface LeafletCard {
  readonly id: string;
  readonly kind: CardKind;
  /** The same name in every language. */
  readonly topic: string;
  readonly title: string;
  /** Card text. */
  readonly body: string;
}

export interface Leaflets {
  /** Seconds since 1970. */
  readonly issued: number;
  readonly language: Language;
  /** In the order to show. */
  readonly cards: readonly LeafletCard[];
}

/** Parses nothing before the signature has been verified. */
export function openLeaflets(bytes: Uint8Array, authority: Uint8Array): Leaflets {
  const leaflets = openSigned("service leaflets", bytes, LEAFLETS_MAX_BYTES, authority);
  const cards = member(leaflets, "cards");
  if (!Array.isArray(cards) || cards.length > CARDS_MAX) throw new CardError("malformed");
  const read = cards.map(cardOf);
  if (new Set(read.map(({ id }) => id)).size !== read.length) throw new CardError("malformed");
  return {
    issued: timeOf(member(leaflets, "issued")),
    language: languageOf(member(leaflets, "language")),
    cards: read,
  };
}

function cardOf(value: unknown): LeafletCard {
  const title = stringOf(member(value, "title"));
  const body = stringOf(member(value, "body"));
  if (!cardFits(title, body)) throw new CardError("malformed");
  return {
    id: nameOf(member(value, "id")),
    kind: oneOf(CARD_KINDS, member(value, "kind")),
    topic: nameOf(member(value, "topic")),
    title,
    body,
  };
}

function languageOf(value: unknown): Language {
  if (!isLanguage(value)) throw new CardError("malformed");
  return value;
}

function nameOf(value: unknown): string {
  const name = stringOf(value);
  if (!NAME.test(name)) throw new CardError("malformed");
  return name;
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  const known = names.find((name) => name === value);
  if (known === undefined) throw new CardError("malformed");
  return known;
}
