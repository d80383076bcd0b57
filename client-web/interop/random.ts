// Everything random in a course, repeated by its seed.

import { randomInt } from "node:crypto";
import { type Bytes, encodeUtf8 } from "../src/protocol/bytes.ts";
import type { Side } from "../src/protocol/conduct.ts";

/** VESTIBULE_SEED repeats what happens. */
export const SEED = Number(process.env.VESTIBULE_SEED ?? randomInt(2 ** 32));

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 to 1, without 1. */
  chance(): number {
    return this.#uint32() / 2 ** 32;
  }

  /** An integer from 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.chance() * limit);
  }

  between(min: number, limit: number): number {
    return min + this.below(limit - min);
  }

  happens(perThousand: number): boolean {
    return this.below(1000) < perThousand;
  }

  /** Where the protocol asks for randomness. */
  readonly bytes = (length: number): Bytes => Uint8Array.from({ length }, () => this.below(256));

  /** Mulberry32. */
  #uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

/** Of one to four bytes each, among them a mark that careless decoders drop. */
const LETTERS = ["a", "z", " ", "\n", "я", "ї", "ع", "\u{feff}", "😀"].map((letter) => ({
  letter,
  size: encodeUtf8(letter).length,
}));

/** What a side says, by its number: mostly short, some as long as many cells. */
export function wordsOf(seed: number, side: Side, number: number): string {
  const random = new Random(seed ^ Math.imul(2 * number + (side === "client" ? 1 : 0), 0x9e3779b9));
  const length = lengthOf(random);
  let words = `${side} ${number} `;
  for (let size = words.length; size + 4 <= length; ) {
    const next = LETTERS[random.below(LETTERS.length)];
    if (next === undefined) throw new Error("a letter for every number below their count");
    words += next.letter;
    size += next.size;
  }
  return words;
}

/** In bytes. A cell holds 980, a text 40,000. */
function lengthOf(random: Random): number {
  const kind = random.below(1000);
  if (kind < 800) return random.between(1, 200);
  if (kind < 960) return random.between(200, 980);
  if (kind < 998) return random.between(980, 4000);
  return random.between(4000, 40_001);
}
