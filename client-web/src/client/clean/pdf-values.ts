// The values that a PDF is made of, and how they are written (ISO 32000-1, section 7.3). A string is its bytes.

import { CleanError } from "./errors.ts";

export type Value =
  | null
  | boolean
  | number
  | Uint8Array
  | Name
  | Keyword
  | Ref
  | Stream
  | Dict
  | readonly Value[];
export type Dict = ReadonlyMap<string, Value>;

export class Name {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An operator of a content stream, or `obj`, `endobj` and their like. */
export class Keyword {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export class Ref {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

export class Stream {
  readonly dict: Dict;
  /** As in the file, still packed. */
  readonly raw: Uint8Array;

  constructor(dict: Dict, raw: Uint8Array) {
    this.dict = dict;
    this.raw = raw;
  }
}

export function isDict(value: Value | undefined): value is Dict {
  return value instanceof Map;
}

export function isArray(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function nameOf(value: Value | undefined): string {
  return value instanceof Name ? value.text : "";
}

export function write(value: Value): string {
  if (typeof value === "number") return writeNumber(value);
  if (value instanceof Name) return `/${value.text.replace(/[^!-~]|[#%()/<>[\]{}]/g, escapeInName)}`;
  if (value instanceof Keyword) return value.text;
  if (value instanceof Ref) return `${value.number} 0 R`;
  if (value instanceof Uint8Array) return writeString(value);
  if (isArray(value)) return `[${value.map(write).join(" ")}]`;
  if (isDict(value))
    return `<<${[...value].map(([key, one]) => `${write(new Name(key))} ${write(one)}`).join("")}>>`;
  // A stream is written by itself, and only a reference to it here.
  if (value instanceof Stream) throw new CleanError("damaged");
  return String(value);
}

function escapeInName(character: string): string {
  return `#${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

const DIGITS_MAX = 8;

/** There is no exponent in PDF. */
function writeNumber(value: number): string {
  return Number.isInteger(value)
    ? value.toFixed(0)
    : String(Number(value.toFixed(DIGITS_MAX))).replace(/^.*e.*$/, "0");
}

/** Carriage returns would be read back as line feeds. */
function writeString(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += byte === 0x0d ? "\\r" : "()\\".includes(character) ? `\\${character}` : character;
  }
  return `(${text})`;
}
