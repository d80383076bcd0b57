import { describe, expect, it } from "vitest";
import { toHex, uint64 } from "./bytes.ts";
import { hash } from "./hash.ts";
import { labelled } from "./labels.ts";
import { type Puzzle, search, solves } from "./puzzle.ts";

const puzzle = (bits: number): Puzzle => ({
  seed: new Uint8Array(16).fill(0x51),
  linkId: new Uint8Array(16).fill(0x52),
  bits,
});

/** As the specification says it, bit by bit. */
function zeroBits({ seed, linkId }: Puzzle, nonce: Uint8Array): number {
  const digest = hash(labelled("puzzle", seed, linkId, nonce));
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.indexOf("1");
}

describe("a puzzle", () => {
  it("is solved by a hash that begins with enough zero bits, and by no other", () => {
    for (let number = 0n; number < 500n; number += 1n) {
      const nonce = uint64(number);
      const zeros = zeroBits(puzzle(1), nonce);
      for (const bits of [1, 4, 8]) expect(solves(puzzle(bits), nonce)).toBe(zeros >= bits);
    }
  });

  it("is searched in slices that together find what one search finds", () => {
    const whole = search(puzzle(9), 0n, 100_000);
    let found: Uint8Array | undefined;
    let from = 0n;
    for (; found === undefined; from += 100n) found = search(puzzle(9), from, 100);
    expect(found).toEqual(whole);
    expect(solves(puzzle(9), found)).toBe(true);
    const earlier = search(puzzle(9), 0n, Number(from - 100n));
    expect(earlier).toBeUndefined();
  });

  it("carries from one byte of the nonce to the next", () => {
    const from = 0xffff_fff0n;
    const nonces = Array.from({ length: 64 }, (_, i) => uint64(from + BigInt(i)));
    const wanted = nonces.filter((nonce) => zeroBits(puzzle(3), nonce) >= 3).map(toHex);
    expect(wanted.some((nonce) => nonce.startsWith("00000001"))).toBe(true);
    const solutions: string[] = [];
    for (let at = from; at < from + 64n; ) {
      const solution = search(puzzle(3), at, Number(from + 64n - at));
      if (solution === undefined) break;
      solutions.push(toHex(solution));
      at = new DataView(solution.buffer).getBigUint64(0) + 1n;
    }
    expect(solutions).toEqual(wanted);
  });

  it("that is hard has a solution that can be found", () => {
    const solution = search(puzzle(13), 0n, 200_000);
    expect(solution !== undefined && solves(puzzle(13), solution)).toBe(true);
  });
});
