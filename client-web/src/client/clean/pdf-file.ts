// A PDF's objects, by their numbers: as its cross-reference says or, if that is broken, as they are found.

import { check } from "./errors.ts";
import { find, startsWith } from "./input.ts";
import { Filters } from "./pdf-filters.ts";
import { Lexer } from "./pdf-lexer.ts";
import { type Dict, isDict, Ref, Stream, type Value } from "./pdf-values.ts";

/** Where an object is: in the file, or in an object stream at a place. Free ones are null. */
export type Place = number | { readonly stream: number; readonly index: number } | null;

const REFS_MAX = 32;

export class PdfFile {
  readonly bytes: Uint8Array;
  readonly places: Map<number, Place>;
  readonly filters = new Filters((value) => this.resolve(value));
  readonly #loaded = new Map<number, Value>();
  readonly #members = new Map<number, readonly Value[]>();
  readonly #streamEnds: readonly number[];
  sawComment = false;

  constructor(bytes: Uint8Array, places: Map<number, Place>) {
    this.bytes = bytes;
    this.places = places;
    this.#streamEnds = allOf(bytes, "endstream");
  }

  /** Follows references. Whatever there is none of is null. */
  resolve(value: Value | undefined): Value {
    let resolved = value ?? null;
    for (let i = 0; resolved instanceof Ref; i += 1) {
      check(i < REFS_MAX);
      resolved = this.load(resolved.number);
    }
    return resolved;
  }

  dict(value: Value | undefined): Dict | undefined {
    const resolved = this.resolve(value);
    if (resolved instanceof Stream) return resolved.dict;
    return isDict(resolved) ? resolved : undefined;
  }

  unpackFully({ raw, dict }: Stream): Uint8Array {
    return this.filters.unpackFully(raw, dict.get("Filter"), dict.get("DecodeParms"));
  }

  load(number: number): Value {
    const known = this.#loaded.get(number);
    if (known !== undefined) return known;
    // Until it is read: an object whose length is itself.
    this.#loaded.set(number, null);
    const place = this.places.get(number) ?? null;
    const value =
      place === null
        ? null
        : typeof place === "number"
          ? this.at(place, number)
          : this.#member(place.stream, place.index);
    this.#loaded.set(number, value);
    return value;
  }

  /** The object that begins here and has this number. */
  at(at: number, number: number | undefined): Value {
    const lexer = new Lexer(this.bytes, at);
    const found = lexer.value();
    check(typeof lexer.value() === "number" && lexer.skips("obj") && (number ?? found) === found);
    lexer.sawComment = false;
    const value = lexer.value();
    if (isDict(value) && lexer.skips("stream")) return this.#stream(value, lexer.at);
    if (lexer.sawComment) this.sawComment = true;
    return value;
  }

  #stream(dict: Dict, afterKeyword: number): Value {
    let begin = afterKeyword;
    if (this.bytes[begin] === 0x0d) begin += 1;
    if (this.bytes[begin] === 0x0a) begin += 1;
    const length = this.resolve(dict.get("Length"));
    if (typeof length === "number" && Number.isInteger(length) && length >= 0) {
      const end = begin + length;
      const lexer = new Lexer(this.bytes, end);
      lexer.skipWhite();
      if (startsWith(this.bytes, "endstream", lexer.at))
        return new Stream(dict, this.bytes.subarray(begin, end));
    }
    const end = firstFrom(this.#streamEnds, begin);
    check(end !== undefined);
    return new Stream(dict, this.bytes.subarray(begin, end));
  }

  #member(stream: number, index: number): Value {
    const members = this.#members.get(stream) ?? this.membersOf(stream).map(([, value]) => value);
    this.#members.set(stream, members);
    return members[index] ?? null;
  }

  /** What an object stream holds. */
  membersOf(number: number): readonly (readonly [number: number, value: Value])[] {
    // A stream within a stream would let them nest without end.
    check(typeof this.places.get(number) === "number");
    const stream = this.load(number);
    check(stream instanceof Stream);
    const plain = this.unpackFully(stream);
    const [count, first] = [this.resolve(stream.dict.get("N")), this.resolve(stream.dict.get("First"))];
    check(typeof count === "number" && typeof first === "number" && count >= 0 && count <= plain.length);
    const heads = new Lexer(plain, 0, false);
    return Array.from({ length: count }, () => {
      const [own, offset] = [heads.value(), heads.value()];
      check(typeof own === "number" && typeof offset === "number" && offset >= 0);
      return [own, new Lexer(plain, first + offset).value()] as const;
    });
  }
}

/** Every place of the text, in order. */
export function allOf(bytes: Uint8Array, text: string): number[] {
  const places = [];
  for (let at = find(bytes, text); at >= 0; at = find(bytes, text, at + text.length)) places.push(at);
  return places;
}

/** The first of the ascending places that is not before. */
export function firstFrom(places: readonly number[], from: number): number | undefined {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return places[low];
}
