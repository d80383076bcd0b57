import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, isZero } from "./bytes.ts";
import type { Sendable } from "./conduct.ts";
import { QUEUE_BYTES_MAX, QUEUE_RECORDS_MAX, RecordQueue } from "./queue.ts";
import { RECORD_TYPE } from "./record.ts";

let queue: RecordQueue;
let sequence: bigint;

beforeEach(() => {
  queue = new RecordQueue();
  sequence = 2n;
});

function say(type: keyof typeof RECORD_TYPE, length: number): Bytes {
  const body = new Uint8Array(length).fill(0x61);
  queue.say({ recordType: RECORD_TYPE[type], body });
  return body;
}

/** The types of the next cells, `+` for those of a record that goes on. */
function takeAll(sendable: Sendable = "everything"): string[] {
  const taken: string[] = [];
  for (;;) {
    const piece = queue.take(sequence, sendable);
    if (piece === undefined) return taken;
    sequence += 1n;
    taken.push(`${piece.recordType}${piece.more ? "+" : ""}`);
  }
}

describe("the order", () => {
  it("is the record in progress, handshakes and hand-overs, then words; a close last", () => {
    say("text", 1000);
    queue.take(sequence, "everything");
    sequence += 1n;
    say("text", 1);
    say("close", 1);
    say("hand_over_reply", 1);
    queue.arrange({ recordType: RECORD_TYPE.fresh_opening, body: new Uint8Array(1232) });
    expect(takeAll()).toEqual(["1", "6", "3+", "3", "1", "2"]);
  });

  it("after agreeing to a hand-over is the record in progress and the reply alone", () => {
    say("text", 1000);
    queue.take(sequence, "everything");
    say("text", 1);
    queue.arrange({ recordType: RECORD_TYPE.fresh_opening, body: new Uint8Array(1232) });
    say("hand_over_reply", 1);
    expect(takeAll("reply")).toEqual(["1", "6"]);
    expect([queue.isDrained("reply"), queue.isDrained("everything")]).toEqual([true, false]);
  });

  it("after the peer's close is the record in progress alone", () => {
    say("text", 1000);
    queue.take(sequence, "everything");
    say("text", 1);
    expect(queue.isDrained("nothing")).toBe(false);
    expect(takeAll("nothing")).toEqual(["1"]);
    expect(queue.isSettled("nothing")).toBe(false);
    expect(queue.deliver(4n), "the other one never is").toBe(1);
    expect(queue.isSettled("nothing")).toBe(true);
  });
});

describe("a record", () => {
  it("is cut into cells of 980 bytes", () => {
    for (const [length, count] of [
      [1, 1],
      [980, 1],
      [981, 2],
      [1960, 2],
      [40_000, 41],
    ] as const) {
      say("text", length);
      expect(takeAll()).toHaveLength(count);
    }
  });

  it("is delivered when all cells up to its last have arrived", () => {
    const long = say("text", 1000); // cells 2 and 3
    say("text", 1); // cell 4
    takeAll();
    expect(queue.deliver(3n)).toBeUndefined();
    expect(isZero(long)).toBe(false);
    expect(queue.deliver(4n)).toBe(1);
    expect(isZero(long), "wiped").toBe(true);
    expect(queue.deliver(4n), "told once").toBeUndefined();
    expect(queue.isSettled("everything")).toBe(false);
    expect(queue.deliver(5n)).toBe(2);
    expect(queue.isSettled("everything")).toBe(true);
  });

  it("that overtook others is not told before them", () => {
    say("text", 1);
    say("hand_over_reply", 1);
    queue.take(2n, "everything");
    expect(queue.deliver(3n)).toBeUndefined();
    queue.take(3n, "everything");
    expect(queue.deliver(4n)).toBe(2);
  });
});

describe("room", () => {
  it("is for 131,072 bytes", () => {
    for (let said = 0; said < 3; said += 1) say("text", 40_000);
    const left = QUEUE_BYTES_MAX - 120_000;
    expect([queue.hasRoom(left), queue.hasRoom(left + 1)]).toEqual([true, false]);
  });

  it("is for 64 records, and given back only when they are delivered", () => {
    for (let said = 0; said < QUEUE_RECORDS_MAX; said += 1) {
      expect(queue.hasRoom(1)).toBe(true);
      say("text", 1);
    }
    takeAll();
    expect(queue.hasRoom(1)).toBe(false);
    queue.deliver(3n);
    expect(queue.hasRoom(1)).toBe(true);
  });
});

it("remembers texts that are not delivered, sealed or not, in their order", () => {
  const bytes = new TextEncoder();
  for (const text of ["a", "b", "c"]) queue.say({ recordType: RECORD_TYPE.text, body: bytes.encode(text) });
  say("hand_over_reply", 1);
  queue.take(2n, "everything"); // the reply
  queue.take(3n, "everything"); // a
  queue.take(4n, "everything"); // b
  queue.deliver(4n);
  expect(queue.undelivered()).toEqual([
    { type: "text", text: "b" },
    { type: "text", text: "c" },
  ]);
});
