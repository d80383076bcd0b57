// The service card: what a client reads before pressing Start. Mirrors docs/protocol.md section 4.

import { decodeUtf8, isWellFormed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { labelled } from "./labels.ts";
import { verifyStrict } from "./signature.ts";

export const CARD_MAX_BYTES = 16_384;
const SIGNATURE_SIZE = 64;
const VERSION = 1;
const TEXT_MAX_CHARACTERS = 1000;
const TIME_MAX_SECONDS = 0xffff_ffff;

export class CardError extends ProtocolError<"malformed" | "wrong_authority"> {}

export interface CardText {
  readonly en: string;
  readonly ru: string;
  readonly uk: string;
  readonly ar: string;
}

export interface ServiceCard {
  /** Seconds since 1970. */
  readonly issued: number;
  readonly name: CardText;
  readonly about: CardText;
  readonly hours: CardText;
  readonly emergency: CardText;
}

/** Parses nothing before the signature has been verified. */
export function openCard(bytes: Uint8Array, authority: Uint8Array): ServiceCard {
  if (bytes.length <= SIGNATURE_SIZE || bytes.length > CARD_MAX_BYTES) throw new CardError("malformed");
  const signature = bytes.subarray(0, SIGNATURE_SIZE);
  const json = bytes.subarray(SIGNATURE_SIZE);
  if (!verifyStrict(signature, labelled("service card", json), authority)) {
    throw new CardError("wrong_authority");
  }
  const card = parseJson(json);
  if (member(card, "version") !== VERSION) throw new CardError("malformed");
  return {
    issued: timeOf(member(card, "issued")),
    name: textOf(member(card, "name")),
    about: textOf(member(card, "about")),
    hours: textOf(member(card, "hours")),
    emergency: textOf(member(card, "emergency")),
  };
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(json));
  } catch {
    throw new CardError("malformed");
  }
}

/** An own member, so that nothing inherited can stand in for a missing one. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new CardError("malformed");
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function timeOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new CardError("malformed");
  if (value < 0 || value > TIME_MAX_SECONDS) throw new CardError("malformed");
  return value;
}

function textOf(value: unknown): CardText {
  const text: CardText = {
    en: stringOf(member(value, "en")),
    ru: stringOf(member(value, "ru")),
    uk: stringOf(member(value, "uk")),
    ar: stringOf(member(value, "ar")),
  };
  if (Object.keys(Object(value)).length !== Object.keys(text).length) throw new CardError("malformed");
  return text;
}

function stringOf(value: unknown): string {
  if (typeof value !== "string" || !isWellFormed(value)) throw new CardError("malformed");
  // Counts code points: what Unicode calls characters, and what a Rust `char` is.
  if (value === "" || [...value].length > TEXT_MAX_CHARACTERS) throw new CardError("malformed");
  return value;
}
