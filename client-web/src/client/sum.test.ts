import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Puzzle, search } from "../protocol/puzzle.ts";
import { Sum } from "./sum.ts";
import type { World } from "./world.ts";

vi.mock("../protocol/puzzle.ts", () => ({ search: vi.fn() }));

const puzzle: Puzzle = { seed: new Uint8Array(16), linkId: new Uint8Array(16), bits: 18 };
const nonce = new Uint8Array(8).fill(7);

let slices: number[];
let acts: (() => void)[];
let now: number;

/** `clock` is how the browser rounds. */
function worldOf(clock: (milliseconds: number) => number): World {
  const world: Pick<World, "soon" | "elapsedMilliseconds"> = {
    soon: (act) => acts.push(act),
    elapsedMilliseconds: () => clock(now),
  };
  return world as World;
}

/** A device that does so many hashes in a millisecond, and finds what it looks for after so many. */
function deviceOf(perMillisecond: number, solvedAfter: number): void {
  vi.mocked(search).mockImplementation((_, from, count) => {
    slices.push(count / perMillisecond);
    now += count / perMillisecond;
    return Number(from) + count > solvedAfter ? nonce : undefined;
  });
}

function run(): void {
  for (let act = acts.shift(); act !== undefined; act = acts.shift()) {
    now += 1; // what else the page does between two slices
    act();
  }
}

beforeEach(() => {
  vi.mocked(search).mockClear();
  slices = [];
  acts = [];
  now = 5_000;
});

describe("the sum", () => {
  test.each([
    ["a slow phone", 8, (milliseconds: number) => milliseconds],
    ["a fast desk", 900, (milliseconds: number) => milliseconds],
    ["a browser with a coarse clock", 40, (milliseconds: number) => Math.floor(milliseconds / 100) * 100],
    ["a browser whose clock stands still", 40, () => 5_000],
  ])("is done by %s in slices that nobody notices", (_, perMillisecond, clock) => {
    deviceOf(perMillisecond, 260_000);
    const found: unknown[] = [];
    new Sum(worldOf(clock), puzzle, (one) => found.push(one));
    expect(slices).toEqual([]);
    run();
    expect(found).toEqual([nonce]);
    expect(Math.max(...slices)).toBeLessThanOrEqual(50);
  });

  test("tries every number once", () => {
    deviceOf(50, 10_000);
    new Sum(
      worldOf((milliseconds) => milliseconds),
      puzzle,
      () => undefined,
    );
    run();
    const tried = vi.mocked(search).mock.calls.map(([, from, count]) => [Number(from), Number(from) + count]);
    tried.forEach(([from], i) => {
      expect(from).toBe(tried[i - 1]?.[1] ?? 0);
    });
  });

  test("that is stopped goes no further, and says nothing", () => {
    deviceOf(50, 10_000);
    const found: unknown[] = [];
    const sum = new Sum(
      worldOf((milliseconds) => milliseconds),
      puzzle,
      (one) => found.push(one),
    );
    acts.shift()?.();
    sum.stop();
    run();
    expect(slices).toHaveLength(1);
    expect(found).toEqual([]);
  });
});
