// The sum that a crowded door asks of this device before it lets it wait. Mirrors docs/protocol.md section 6.

import { blake2s } from "@noble/hashes/blake2.js";
import { type Bytes, concat, uint64 } from "./bytes.ts";
import { labelled } from "./labels.ts";

export const PUZZLE_SEED_SIZE = 16;
export const PUZZLE_NONCE_SIZE = 8;
export const PUZZLE_BITS_MAX = 18;

export interface Puzzle {
  readonly seed: Uint8Array;
  readonly linkId: Uint8Array;
  /** The zero bits with which a hash must begin. */
  readonly bits: number;
}

export function solves(puzzle: Puzzle, nonce: Uint8Array): boolean {
  return zeroBits(blake2s(concat(prefix(puzzle), nonce))) >= puzzle.bits;
}

/**
 * Tries `count` nonces from `from` on, so that the caller can let the page live between two slices. Undefined
 * when none of them solves the puzzle.
 */
export function search(puzzle: Puzzle, from: bigint, count: number): Bytes | undefined {
  const message = concat(prefix(puzzle), new Uint8Array(PUZZLE_NONCE_SIZE));
  const nonce = message.subarray(message.length - PUZZLE_NONCE_SIZE);
  const digest = new Uint8Array(32);
  nonce.set(uint64(from));
  for (let tried = 0; tried < count; tried += 1) {
    blake2s.create().update(message).digestInto(digest);
    if (zeroBits(digest) >= puzzle.bits) return concat(nonce);
    increment(nonce);
  }
  return undefined;
}

/** Shorter than a block of BLAKE2s, so there is no state to be kept from one nonce to the next. */
function prefix({ seed, linkId }: Puzzle): Bytes {
  return labelled("puzzle", seed, linkId);
}

function increment(number: Uint8Array): void {
  for (let at = number.length - 1; at >= 0; at -= 1) {
    const byte = ((number[at] ?? 0) + 1) & 0xff;
    number[at] = byte;
    if (byte !== 0) return;
  }
}

/** Of the first 32 bits, more than any puzzle asks for. */
function zeroBits([first = 0, second = 0, third = 0, fourth = 0]: Uint8Array): number {
  return Math.clz32((first << 24) | (second << 16) | (third << 8) | fourth);
}
