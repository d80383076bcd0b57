// The bits of a JPEG's scan, and the Huffman codes in them (ITU-T T.81, annexes C and F).

import { check } from "./errors.ts";

/** By the next 16 bits: length times 256 plus symbol, or 0 where there is no such code. */
export type Codes = Uint16Array;

const CODE_BITS_MAX = 16;

/** A table as in the file, after its first byte: how many codes of each length, and their symbols. */
export function codesOf(table: Uint8Array): Codes {
  const codes = new Uint16Array(1 << CODE_BITS_MAX);
  let at = 0;
  let symbol = CODE_BITS_MAX;
  for (let length = 1; length <= CODE_BITS_MAX; length += 1) {
    for (let count = table[length - 1] ?? 0; count > 0; count -= 1) {
      const next = at + (1 << (CODE_BITS_MAX - length));
      check(next <= codes.length);
      codes.fill(length * 256 + (table[symbol] ?? 0), at, next);
      at = next;
      symbol += 1;
    }
  }
  return codes;
}

export class Bits {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #heldBits = 0;
  /** Zeros that stand for what is not there. */
  #missingBits = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  #fill(): void {
    while (this.#heldBits < CODE_BITS_MAX) {
      const byte = this.#bytes[this.#at];
      const isMarker = byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0);
      if (isMarker) this.#missingBits += 8;
      // A byte of ones is followed by a zero, so that it is no marker.
      else this.#at += byte === 0xff ? 2 : 1;
      this.#held = ((this.#held << 8) | (isMarker ? 0 : byte)) & 0xffffff;
      this.#heldBits += 8;
    }
  }

  take(count: number): number {
    this.#fill();
    this.#heldBits -= count;
    check(this.#heldBits >= this.#missingBits);
    return (this.#held >> this.#heldBits) & ((1 << count) - 1);
  }

  symbol(codes: Codes): number {
    this.#fill();
    const entry = codes[(this.#held >> (this.#heldBits - CODE_BITS_MAX)) & 0xffff] ?? 0;
    check(entry !== 0);
    this.#heldBits -= entry >> 8;
    check(this.#heldBits >= this.#missingBits);
    return entry & 0xff;
  }

  /** Behind the last byte of which a bit was taken. */
  get end(): number {
    let end = this.#at;
    for (let unused = (this.#heldBits - this.#missingBits) >> 3; unused > 0; unused -= 1) {
      end -= this.#bytes[end - 1] === 0 && this.#bytes[end - 2] === 0xff ? 2 : 1;
    }
    return end;
  }
}
