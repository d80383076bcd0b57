// How many bits a block of a JPEG takes: it is read like for drawing it, but for the values (ITU-T T.81, F.2, G.2).

import { check } from "./errors.ts";
import type { Bits, Codes } from "./jpeg-bits.ts";

export interface Spectrum {
  readonly isProgressive: boolean;
  readonly start: number;
  readonly end: number;
  /** A scan that makes values of earlier ones finer. */
  readonly isFiner: boolean;
}

export interface BlockCodes {
  readonly dc: Codes | undefined;
  readonly ac: Codes | undefined;
}

const NO_CODES = new Uint16Array();

export class Blocks {
  readonly #bits: Bits;
  readonly #spectrum: Spectrum;
  /** How many blocks more have nothing in this scan. */
  #empty = 0;

  constructor(bits: Bits, spectrum: Spectrum) {
    this.#bits = bits;
    this.#spectrum = spectrum;
  }

  /** `values` says which of the block's 64 are not zero, for the finer scans to come. */
  skip({ dc = NO_CODES, ac = NO_CODES }: BlockCodes, values: Uint8Array): void {
    const { isProgressive, start, isFiner } = this.#spectrum;
    if (start === 0) {
      if (isFiner) this.#bits.take(1);
      else this.#bits.take(Math.min(this.#bits.symbol(dc), 16));
    }
    if (!isProgressive) this.#sequential(ac);
    else if (start > 0 && isFiner) this.#finer(ac, values);
    else if (start > 0) this.#first(ac, values);
  }

  #sequential(ac: Codes): void {
    for (let k = 1; k < 64; k += 1) {
      const symbol = this.#bits.symbol(ac);
      if (symbol === 0) return;
      k += symbol >> 4;
      check(k < 64);
      this.#bits.take(symbol & 15);
    }
  }

  #first(ac: Codes, values: Uint8Array): void {
    if (this.#empty > 0) {
      this.#empty -= 1;
      return;
    }
    for (let k = this.#spectrum.start; k <= this.#spectrum.end; k += 1) {
      const symbol = this.#bits.symbol(ac);
      const run = symbol >> 4;
      if ((symbol & 15) === 0 && run < 15) {
        this.#empty = (1 << run) + this.#bits.take(run) - 1;
        return;
      }
      k += run;
      check(k <= this.#spectrum.end);
      this.#bits.take(symbol & 15);
      if ((symbol & 15) > 0) values[k] = 1;
    }
  }

  #finer(ac: Codes, values: Uint8Array): void {
    let k = this.#spectrum.start;
    const end = this.#spectrum.end;
    while (this.#empty === 0 && k <= end) {
      const symbol = this.#bits.symbol(ac);
      const run = symbol >> 4;
      const isNew = (symbol & 15) > 0;
      if (!isNew && run < 15) this.#empty = (1 << run) + this.#bits.take(run);
      else {
        if (isNew) this.#bits.take(1);
        k = this.#pass(k, run, values);
        if (isNew && k <= end) values[k] = 1;
        k += 1;
      }
    }
    if (this.#empty === 0) return;
    this.#pass(k, 64, values);
    this.#empty -= 1;
  }

  /** Over so many zeros; each value between them has a bit. Gives the place of the next zero. */
  #pass(from: number, zeros: number, values: Uint8Array): number {
    let left = zeros;
    let k = from;
    for (; k <= this.#spectrum.end; k += 1) {
      if (values[k] === 1) this.#bits.take(1);
      else if (left === 0) return k;
      else left -= 1;
    }
    return k;
  }
}
