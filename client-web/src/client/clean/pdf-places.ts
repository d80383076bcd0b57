// Where a PDF's objects are, by its cross-reference tables and streams, newest first (ISO 32000-1, 7.5.4 to 7.5.8).

import { CleanError, check } from "./errors.ts";
import { Input, latin1 } from "./input.ts";
import { PdfFile, type Place } from "./pdf-file.ts";
import { Lexer } from "./pdf-lexer.ts";
import { type Dict, isArray, isDict, nameOf, Ref, Stream, type Value } from "./pdf-values.ts";

export const OBJECTS_MAX = 100_000;
const SECTIONS_MAX = 100;
const TAIL_BYTES = 2048;

export interface Found {
  readonly places: Map<number, Place>;
  readonly trailer: Dict;
  /** An object was written more than once: an earlier version of the document is still there. */
  readonly hasHistory: boolean;
}

export function readPlaces(bytes: Uint8Array): Found {
  return new Sections(bytes).run();
}

class Sections {
  readonly #bytes: Uint8Array;
  readonly #places = new Map<number, Place>();
  readonly #seen = new Set<number>();
  #trailer: Dict | undefined;
  #hasHistory = false;
  #entries = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(): Found {
    const tail = latin1(this.#bytes.subarray(-TAIL_BYTES));
    const start = /startxref\s+(\d+)/.exec(tail.slice(Math.max(0, tail.lastIndexOf("startxref"))));
    check(start !== null);
    let next: Value | undefined = Number(start[1]);
    while (typeof next === "number") next = this.#section(next);
    check(this.#trailer !== undefined);
    return { places: this.#places, trailer: this.#trailer, hasHistory: this.#hasHistory };
  }

  /** Gives where the one before it is. */
  #section(at: number): Value | undefined {
    check(Number.isInteger(at) && at >= 0 && at < this.#bytes.length);
    check(!this.#seen.has(at) && this.#seen.size < SECTIONS_MAX);
    this.#seen.add(at);
    const lexer = new Lexer(this.#bytes, at);
    const dict = lexer.skips("xref") ? this.#table(lexer) : this.#stream(at);
    this.#trailer ??= dict;
    return dict.get("Prev");
  }

  #table(lexer: Lexer): Dict {
    const free: number[] = [];
    while (!lexer.skips("trailer")) {
      const [first, count] = [lexer.value(), lexer.value()];
      check(typeof first === "number" && typeof count === "number");
      for (let i = 0; i < count; i += 1) {
        const offset = lexer.value();
        lexer.value();
        if (lexer.skips("n")) this.#set(first + i, typeof offset === "number" ? offset : null);
        else {
          check(lexer.skips("f"));
          free.push(first + i);
        }
      }
    }
    const dict = lexer.value();
    check(isDict(dict));
    // What a hybrid file hides from old readers is free in the table and found here.
    const hybrid = dict.get("XRefStm");
    if (typeof hybrid === "number") this.#stream(hybrid);
    for (const number of free) this.#set(number, null);
    return dict;
  }

  #stream(at: number): Dict {
    const file = new PdfFile(this.#bytes.subarray(0), new Map());
    const stream = file.at(at, undefined);
    check(stream instanceof Stream);
    const widths = stream.dict.get("W");
    check(isArray(widths) && widths.length >= 3);
    const [typeSize, firstSize, secondSize] = widths.map((width) => {
      check(typeof width === "number" && width >= 0 && width <= 8);
      return width;
    }) as [number, number, number];
    const input = new Input(file.unpackFully(stream));
    const index = stream.dict.get("Index") ?? [0, stream.dict.get("Size") ?? 0];
    check(isArray(index));
    for (let i = 0; i + 1 < index.length; i += 2) {
      const [first, count] = [index[i], index[i + 1]];
      check(typeof first === "number" && typeof count === "number");
      for (let number = first; number < first + count && input.left > 0; number += 1) {
        const type = typeSize === 0 ? 1 : input.unsigned(typeSize);
        const [one, two] = [input.unsigned(firstSize), input.unsigned(secondSize)];
        this.#set(number, type === 1 ? one : type === 2 ? { stream: one, index: two } : null);
      }
    }
    return stream.dict;
  }

  /** Newer sections come first. */
  #set(number: number, place: Place): void {
    this.#entries += 1;
    if (this.#entries > OBJECTS_MAX) throw new CleanError("too_large");
    const known = this.#places.get(number);
    if (known === undefined) this.#places.set(number, place);
    else if (place !== null && !isSame(known, place)) this.#hasHistory = true;
  }
}

function isSame(a: Place, b: Place): boolean {
  if (a === null || b === null || typeof a === "number" || typeof b === "number") return a === b;
  return a.stream === b.stream && a.index === b.index;
}

/** A file whose cross-reference is broken: its objects as they stand there, of which the last of a number counts. */
export function searchPlaces(bytes: Uint8Array): Found {
  const places = new Map<number, Place>();
  let hasHistory = false;
  const entries = new Map<string, Value>();
  const text = latin1(bytes);
  const sign = /(?<![^\s>])(\d{1,10})\s{1,4}\d{1,5}\s{1,4}obj\b|\btrailer\b|\bstream\r?\n/g;
  for (let match = sign.exec(text); match !== null; match = sign.exec(text)) {
    if (match[1] !== undefined) {
      if (places.has(Number(match[1]))) hasHistory = true;
      places.set(Number(match[1]), match.index);
      if (places.size > OBJECTS_MAX) throw new CleanError("too_large");
    } else if (match[0] === "trailer") addTrailer(new Lexer(bytes, sign.lastIndex).next(), entries);
    else {
      const end = text.indexOf("endstream", sign.lastIndex);
      // What is within a stream is none of the file's objects.
      if (end < 0) break;
      sign.lastIndex = end;
    }
  }
  addStreams(bytes, places, entries);
  check(entries.has("Root"));
  return { places, trailer: entries, hasHistory };
}

function addTrailer(dict: Value | undefined, entries: Map<string, Value>): void {
  if (!isDict(dict)) return;
  for (const key of ["Root", "Info", "Encrypt", "ID"]) {
    const value = dict.get(key);
    if (value !== undefined) entries.set(key, value);
  }
}

/** Object streams hold objects, and cross-reference streams are trailers. */
function addStreams(bytes: Uint8Array, places: Map<number, Place>, entries: Map<string, Value>): void {
  const file = new PdfFile(bytes, places);
  // As they are now: the streams add to them.
  for (const number of Array.from(places.keys())) {
    const type = file.dict(new Ref(number))?.get("Type");
    const name = nameOf(type);
    if (name === "XRef") addTrailer(file.dict(new Ref(number)), entries);
    else if (name === "Catalog" && !entries.has("Root")) entries.set("Root", new Ref(number));
    else if (name === "ObjStm" && !entries.has("Encrypt")) {
      file.membersOf(number).forEach(([own], index) => {
        if (!places.has(own)) places.set(own, { stream: number, index });
      });
      if (places.size > OBJECTS_MAX) throw new CleanError("too_large");
    }
  }
}
