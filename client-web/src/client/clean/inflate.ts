// Unpacks zlib data (RFC 1950, 1951). The browsers' own DecompressionStream says neither where the data end nor
// stops at a limit, and bytes hide behind the end.

import type { Bytes } from "../../protocol/bytes.ts";
import { check } from "./errors.ts";

export interface Inflated {
  readonly bytes: Bytes;
  /** How many bytes of the input belong to the data. */
  readonly used: number;
  /** There is more than the limit, and the rest was left. */
  readonly isCut: boolean;
}

interface Codes {
  /** Symbol times 16 plus length, by the next `bits` bits. */
  readonly table: Uint16Array;
  readonly bits: number;
}

const CHECKSUM_SIZE = 4;
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export function inflate(input: Uint8Array, limit: number): Inflated {
  const header = ((input[0] ?? 0) << 8) | (input[1] ?? 0);
  check((header & 0x0f20) === 0x0800 && header % 31 === 0);
  return new Inflater(input, limit).run();
}

class Inflater {
  readonly #input: Uint8Array;
  readonly #limit: number;
  #at = 2;
  #held = 0;
  #heldBits = 0;
  #out: Bytes;
  #length = 0;

  constructor(input: Uint8Array, limit: number) {
    this.#input = input;
    this.#limit = limit;
    this.#out = new Uint8Array(Math.min(limit, 4 * input.length + 1024));
  }

  run(): Inflated {
    let isLast = false;
    let isCut = false;
    while (!isLast && !isCut) {
      isLast = this.#take(1) === 1;
      const type = this.#take(2);
      if (type === 0) isCut = this.#stored();
      else if (type === 1) isCut = this.#block(FIXED_LITERALS, FIXED_DISTANCES);
      else {
        check(type === 2);
        isCut = this.#block(...this.#dynamicCodes());
      }
    }
    const used = this.#at - (this.#heldBits >> 3);
    check(used <= this.#input.length);
    const end = Math.min(used + CHECKSUM_SIZE, this.#input.length);
    return { bytes: this.#out.slice(0, this.#length), used: end, isCut };
  }

  /** Bits beyond the end are zeros; whoever uses one is found out by the position. */
  #fill(bits: number): void {
    while (this.#heldBits < bits) {
      this.#held |= (this.#input[this.#at] ?? 0) << this.#heldBits;
      this.#at += 1;
      this.#heldBits += 8;
    }
  }

  #drop(bits: number): void {
    this.#held >>>= bits;
    this.#heldBits -= bits;
    check(this.#at - (this.#heldBits >> 3) <= this.#input.length);
  }

  #take(bits: number): number {
    this.#fill(bits);
    const value = this.#held & ((1 << bits) - 1);
    this.#drop(bits);
    return value;
  }

  #symbol(codes: Codes): number {
    this.#fill(codes.bits);
    const entry = codes.table[this.#held & ((1 << codes.bits) - 1)] ?? 0;
    check(entry !== 0);
    this.#drop(entry & 15);
    return entry >> 4;
  }

  /** Makes room; true when there is none within the limit. */
  #isFull(length: number): boolean {
    const needed = this.#length + length;
    if (needed > this.#limit) return true;
    if (needed > this.#out.length) {
      const larger = new Uint8Array(Math.min(this.#limit, Math.max(needed, 2 * this.#out.length)));
      larger.set(this.#out.subarray(0, this.#length));
      this.#out = larger;
    }
    return false;
  }

  #stored(): boolean {
    this.#take(this.#heldBits & 7);
    const length = this.#take(16);
    check((this.#take(16) ^ length) === 0xffff);
    // Whole bytes may be held still.
    this.#at -= this.#heldBits >> 3;
    this.#held = 0;
    this.#heldBits = 0;
    check(this.#at + length <= this.#input.length);
    const kept = Math.min(length, this.#limit - this.#length);
    this.#isFull(kept);
    this.#out.set(this.#input.subarray(this.#at, this.#at + kept), this.#length);
    this.#at += length;
    this.#length += kept;
    return kept < length;
  }

  #block(literals: Codes, distances: Codes): boolean {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === 256) return false;
      if (symbol < 256) {
        if (this.#isFull(1)) return true;
        this.#out[this.#length] = symbol;
        this.#length += 1;
      } else if (this.#copy(symbol - 257, distances)) return true;
    }
  }

  #copy(lengthCode: number, distances: Codes): boolean {
    const base = LENGTH_BASE[lengthCode];
    check(base !== undefined);
    const length = base + this.#take(LENGTH_BITS[lengthCode] ?? 0);
    const code = this.#symbol(distances);
    check(code < 30);
    const extra = code < 2 ? 0 : (code >> 1) - 1;
    const distance = (code < 2 ? code : (2 + (code & 1)) << extra) + 1 + this.#take(extra);
    check(distance <= this.#length);
    const kept = Math.min(length, this.#limit - this.#length);
    this.#isFull(kept);
    const out = this.#out;
    const end = this.#length + kept;
    // Byte for byte, since what is copied may be what was just written.
    for (let to = this.#length; to < end; to += 1) out[to] = out[to - distance] ?? 0;
    this.#length = end;
    return kept < length;
  }

  #dynamicCodes(): [Codes, Codes] {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const count = this.#take(4) + 4;
    const lengthLengths = new Uint8Array(19);
    for (const place of LENGTH_ORDER.slice(0, count)) lengthLengths[place] = this.#take(3);
    const codes = codesOf(lengthLengths);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) {
        lengths[i] = symbol;
        i += 1;
      } else {
        check(symbol !== 16 || i > 0);
        const value = symbol === 16 ? (lengths[i - 1] ?? 0) : 0;
        const times =
          symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
        check(i + times <= lengths.length);
        lengths.fill(value, i, i + times);
        i += times;
      }
    }
    return [codesOf(lengths.subarray(0, literals)), codesOf(lengths.subarray(literals))];
  }
}

/** Canonical codes, most significant bit first, laid out by their reversed bits. */
function codesOf(lengths: Uint8Array): Codes {
  const bits = lengths.reduce((most, length) => Math.max(most, length), 1);
  const table = new Uint16Array(1 << bits);
  let code = 0;
  for (let length = 1; length <= bits; length += 1) {
    for (let symbol = 0; symbol < lengths.length; symbol += 1) {
      if (lengths[symbol] !== length) continue;
      check(code < 1 << length);
      for (let at = reversed(code, length); at < table.length; at += 1 << length) {
        table[at] = symbol * 16 + length;
      }
      code += 1;
    }
    code *= 2;
  }
  return { table, bits };
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit += 1) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

function fixed(...runs: readonly (readonly [count: number, length: number])[]): Codes {
  return codesOf(Uint8Array.from(runs.flatMap(([count, length]) => Array<number>(count).fill(length))));
}

const FIXED_LITERALS = fixed([144, 8], [112, 9], [24, 7], [8, 8]);
const FIXED_DISTANCES = fixed([30, 5]);
