// Reads a PDF's values from bytes: those of the file and those of content streams.

import { check } from "./errors.ts";
import { latin1 } from "./input.ts";
import { Keyword, Name, Ref, type Value } from "./pdf-values.ts";

const DEPTH_MAX = 64;
const WHITE = 1;
const DELIMITER = 2;
const CLASSES = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASSES[byte] = WHITE;
for (const character of "()<>[]{}/%") CLASSES[character.charCodeAt(0)] = DELIMITER;

const NUMBER = /^[+-]*(?:\d+\.?\d*|\.\d+)(?:-\d*)?$/;
/** The pattern is slow with long ones, and nobody writes such. */
const NUMBER_MAX_CHARACTERS = 100;
const ESCAPES: Readonly<Record<string, number | undefined>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };
const OCTAL = /^[0-7]$/;

export class Lexer {
  readonly bytes: Uint8Array;
  readonly #hasRefs: boolean;
  at: number;
  /** Whether there was a comment between the values. */
  sawComment = false;

  /** Content streams have no references. */
  constructor(bytes: Uint8Array, at = 0, hasRefs = true) {
    this.bytes = bytes;
    this.at = at;
    this.#hasRefs = hasRefs;
  }

  /** Undefined at the end. */
  next(depth = 0): Value | undefined {
    check(depth <= DEPTH_MAX);
    this.skipWhite();
    const byte = this.bytes[this.at];
    if (byte === undefined) return undefined;
    const character = String.fromCharCode(byte);
    if (CLASSES[byte] !== DELIMITER) return this.#word();
    this.at += 1;
    if (character === "/") return new Name(this.#regular().replace(/#([\da-fA-F]{2})/g, unescapeInName));
    if (character === "(") return this.#literal();
    if (character === "[") return this.#array(depth);
    if (character === "<" || character === ">") {
      if (this.bytes[this.at] !== byte) return character === "<" ? this.#hex() : new Keyword(">");
      this.at += 1;
      return character === "<" ? this.#dict(depth) : new Keyword(">>");
    }
    return new Keyword(character);
  }

  /** The same, where something must follow. */
  value(): Value {
    const value = this.next();
    check(value !== undefined);
    return value;
  }

  /** Whether this keyword follows; then it is passed. */
  skips(keyword: string): boolean {
    const begin = this.at;
    const value = this.next();
    if (value instanceof Keyword && value.text === keyword) return true;
    this.at = begin;
    return false;
  }

  skipWhite(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) return;
      if (byte === 0x25) {
        this.sawComment = true;
        while (this.at < this.bytes.length && !isLineEnd(this.bytes[this.at])) this.at += 1;
      } else if (CLASSES[byte] === WHITE) this.at += 1;
      else return;
    }
  }

  #regular(): string {
    const begin = this.at;
    while (this.at < this.bytes.length && CLASSES[this.bytes[this.at] ?? 0] === 0) this.at += 1;
    return latin1(this.bytes.subarray(begin, this.at));
  }

  #word(): Value {
    const text = this.#regular();
    if (text.length <= NUMBER_MAX_CHARACTERS && NUMBER.test(text))
      return this.#hasRefs ? this.#refOr(numberOf(text)) : numberOf(text);
    if (text === "true" || text === "false") return text === "true";
    return text === "null" ? null : new Keyword(text);
  }

  #refOr(number: number): Value {
    const begin = this.at;
    if (Number.isInteger(number) && number >= 0) {
      this.skipWhite();
      if (/^\d+$/.test(this.#regular())) {
        this.skipWhite();
        if (this.#regular() === "R") return new Ref(number);
      }
    }
    this.at = begin;
    return number;
  }

  #array(depth: number): Value {
    const values: Value[] = [];
    for (;;) {
      const value = this.next(depth + 1);
      check(value !== undefined);
      if (value instanceof Keyword) {
        if (value.text === "]") return values;
        // Writers of content streams leave such things behind; within the file nothing of it is copied.
        continue;
      }
      values.push(value);
    }
  }

  #dict(depth: number): Value {
    const values = new Map<string, Value>();
    for (;;) {
      const key = this.next(depth + 1);
      if (key instanceof Keyword && key.text === ">>") return values;
      check(key instanceof Name);
      const value = this.next(depth + 1);
      check(value !== undefined);
      if (value instanceof Keyword) {
        check(value.text === ">>");
        return values;
      }
      values.set(key.text, value);
    }
  }

  #hex(): Value {
    const end = this.bytes.indexOf(0x3e, this.at);
    check(end >= 0);
    const digits = latin1(this.bytes.subarray(this.at, end)).replace(/[^\da-fA-F]/g, "");
    this.at = end + 1;
    return Uint8Array.from(digits.match(/..?/g) ?? [], (pair) => Number.parseInt(pair.padEnd(2, "0"), 16));
  }

  #literal(): Value {
    const out: number[] = [];
    let open = 1;
    for (;;) {
      const byte = this.bytes[this.at];
      check(byte !== undefined);
      this.at += 1;
      if (byte === 0x5c) {
        this.#escaped(out);
        continue;
      }
      if (byte === 0x28) open += 1;
      if (byte === 0x29) open -= 1;
      if (open === 0) return Uint8Array.from(out);
      if (byte === 0x0d) this.#skipLineFeed();
      out.push(byte === 0x0d ? 0x0a : byte);
    }
  }

  #escaped(out: number[]): void {
    const character = String.fromCharCode(this.bytes[this.at] ?? 0);
    this.at += 1;
    if (OCTAL.test(character)) {
      let digits = character;
      for (let more = this.#peek(); digits.length < 3 && OCTAL.test(more); more = this.#peek()) {
        digits += more;
        this.at += 1;
      }
      out.push(Number.parseInt(digits, 8) & 0xff);
    } else if (character === "\r") this.#skipLineFeed();
    else if (character !== "\n") out.push(ESCAPES[character] ?? character.charCodeAt(0));
  }

  #peek(): string {
    return String.fromCharCode(this.bytes[this.at] ?? 0);
  }

  #skipLineFeed(): void {
    if (this.bytes[this.at] === 0x0a) this.at += 1;
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function unescapeInName(_: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** Readers take `--5` for 5 below zero, and what follows a minus inside for nothing. */
function numberOf(text: string): number {
  const digits = Number.parseFloat(text.replace(/^[+-]*/, ""));
  return /^\+*-/.test(text) ? -digits : digits;
}
