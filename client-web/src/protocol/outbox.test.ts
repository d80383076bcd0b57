import { beforeEach, describe, expect, it } from "vitest";
import type { Bytes } from "./bytes.ts";
import { SEQUENCE_LIMIT } from "./cell.ts";
import { Outbox } from "./outbox.ts";
import { codeOf } from "./testing.ts";

let outbox: Outbox;

beforeEach(() => {
  outbox = new Outbox();
});

/** A cell that shows its number. */
function send(acknowledged = 2n): void {
  outbox.add(Uint8Array.of(Number(outbox.next)), acknowledged);
}

function sendMany(count: number): void {
  for (let sent = 0; sent < count; sent += 1) send();
}

const numberOf = (cell: Bytes | undefined): number | undefined => cell?.[0];

function due(): number[] {
  const numbers: number[] = [];
  for (let cell = outbox.takeDue(); cell !== undefined; cell = outbox.takeDue()) numbers.push(cell[0] ?? 0);
  return numbers;
}

/** `acknowledged` and the numbers above it that have arrived too. */
function acknowledge(acknowledged: number, ...above: number[]): void {
  const selective = above.reduce((bits, number) => bits | (1n << BigInt(number - acknowledged - 1)), 0n);
  outbox.acknowledge(BigInt(acknowledged), selective);
}

describe("a cell that is not acknowledged", () => {
  it("goes again when one arrived that was sent three sendings later, and not before", () => {
    sendMany(6); // 2 to 7
    acknowledge(2, 3, 4);
    expect(due()).toEqual([]);
    acknowledge(2, 3, 4, 5);
    expect(due()).toEqual([2]);
    acknowledge(2, 3, 4, 5, 6);
    expect(due(), "the second sending was later than all of these").toEqual([]);
  });

  it("counts sendings and not numbers", () => {
    sendMany(6);
    acknowledge(2, 5);
    expect(due()).toEqual([2]); // the seventh sending
    send(); // 8, the eighth
    acknowledge(2, 3, 4, 5, 6, 7, 8);
    expect(due()).toEqual([]);
    sendMany(2); // 9 and 10, the ninth and tenth
    acknowledge(2, 3, 4, 5, 6, 7, 8, 9, 10);
    expect(due()).toEqual([2]);
  });

  it("goes again on a new line, lowest first, with the same bytes", () => {
    sendMany(4);
    acknowledge(3, 5);
    outbox.rejoined();
    expect(due()).toEqual([3, 4]);
    expect(due()).toEqual([]);
  });

  it("goes again from the lowest when a slot has nothing else", () => {
    sendMany(3);
    acknowledge(3);
    expect(numberOf(outbox.takeLowest())).toBe(3);
    expect(numberOf(outbox.takeLowest())).toBe(3);
    acknowledge(5);
    expect(outbox.takeLowest()).toBeUndefined();
  });
});

describe("an acknowledgement", () => {
  it("of what was never sent is refused", () => {
    sendMany(3); // 2, 3, 4
    expect(codeOf(() => acknowledge(6))).toBe("malformed");
    expect(codeOf(() => acknowledge(2, 5))).toBe("malformed");
    expect(codeOf(() => acknowledge(4, 5))).toBe("malformed");
    expect(codeOf(() => outbox.acknowledge(5n, 1n))).toBe("malformed");
    expect(codeOf(() => outbox.acknowledge(2n, 1n << 63n))).toBe("malformed");
    expect(codeOf(() => acknowledge(2, 4))).toBe("accepted");
    expect(codeOf(() => acknowledge(5))).toBe("accepted");
  });

  it("that is lower than one before is old news", () => {
    sendMany(6);
    acknowledge(5);
    expect(codeOf(() => acknowledge(2, 6, 7))).toBe("accepted");
    expect(outbox.base).toBe(5n);
    outbox.rejoined();
    expect(due()).toEqual([5, 6, 7]);
  });
});

describe("the window", () => {
  it("takes new cells to b + 47", () => {
    sendMany(47);
    expect([outbox.next, outbox.mayCarryRecord]).toEqual([49n, true]);
    send();
    expect([outbox.next, outbox.mayCarryRecord, outbox.mayBeEmpty(2n)]).toEqual([50n, false, false]);
    acknowledge(2, 3, 4, 5);
    expect(outbox.mayCarryRecord, "b has not moved").toBe(false);
    acknowledge(3, 4, 5);
    expect(outbox.mayCarryRecord).toBe(true);
  });

  it("takes to b + 64 what says more than any cell before", () => {
    sendMany(48);
    let acknowledged = 2n;
    while (outbox.mayBeEmpty(acknowledged + 1n)) {
      acknowledged += 1n;
      send(acknowledged);
      expect(outbox.mayBeEmpty(acknowledged), "no news").toBe(false);
      expect(outbox.mayCarryRecord).toBe(false);
    }
    expect(outbox.next).toBe(67n);
  });

  it("ends before the last number", () => {
    outbox = new Outbox(SEQUENCE_LIMIT - 1n);
    expect(outbox.mayCarryRecord).toBe(true);
    outbox.add(new Uint8Array(0), 2n);
    expect([outbox.mayCarryRecord, outbox.mayBeEmpty(3n)]).toEqual([false, false]);
  });
});
