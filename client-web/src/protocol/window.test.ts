import { expect, it } from "vitest";
import { type CellContent, SEQUENCE_LIMIT } from "./cell.ts";
import { Window } from "./window.ts";

const content = (of: number): CellContent => ({
  acknowledged: 2n,
  selective: 0n,
  recordType: 1,
  more: false,
  data: Uint8Array.of(of),
});
const put = (window: Window, sequence: number): number[] =>
  window.put(BigInt(sequence), content(sequence)).map(({ data }) => data[0] ?? 0);

it("gives cells their turn, whatever order they come in", () => {
  const window = new Window();
  expect(put(window, 2)).toEqual([2]);
  expect(put(window, 5)).toEqual([]);
  expect(put(window, 4)).toEqual([]);
  expect(window.next).toBe(3n);
  expect(put(window, 3)).toEqual([3, 4, 5]);
  expect(window.next).toBe(6n);
});

it("tells which have arrived, the lowest missing one apart", () => {
  const window = new Window();
  expect([window.next, window.selective]).toEqual([2n, 0n]);
  put(window, 3);
  put(window, 5);
  put(window, 66);
  expect([window.next, window.selective]).toEqual([2n, 0b101n | (1n << 63n)]);
  put(window, 2);
  expect([window.next, window.selective]).toEqual([4n, 0b1n | (1n << 61n)]);
});

it("knows a duplicate, kept or acted on", () => {
  const window = new Window();
  put(window, 2);
  put(window, 4);
  expect([0n, 1n, 2n, 3n, 4n, 5n].map((sequence) => window.has(sequence))).toEqual([
    true,
    true,
    true,
    false,
    true,
    false,
  ]);
});

it("reaches 64 above the lowest missing one", () => {
  const window = new Window();
  expect([window.reaches(66n), window.reaches(67n)]).toEqual([true, false]);
  put(window, 2);
  expect([window.reaches(67n), window.reaches(68n)]).toEqual([true, false]);
});

it("reaches no number that may not be sealed", () => {
  const window = new Window(SEQUENCE_LIMIT - 2n);
  expect([window.reaches(SEQUENCE_LIMIT - 1n), window.reaches(SEQUENCE_LIMIT)]).toEqual([true, false]);
});

it("wipes what waits", () => {
  const window = new Window();
  const waiting = content(7);
  window.put(3n, waiting);
  window.wipe();
  expect(waiting.data).toEqual(Uint8Array.of(0));
});
