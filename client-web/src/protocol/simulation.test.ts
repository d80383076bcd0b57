// Random operations over a line that loses, doubles, reorders, delays and breaks: nothing that was said is lost,
// doubled or out of order, while keys are renewed. A failure prints its seed and the fewest operations that show it.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bytes, concat, toHex } from "./bytes.ts";
import { sequenceOf } from "./cell.ts";
import type { Side } from "./conduct.ts";
import { hash } from "./hash.ts";
import { QUEUE_BYTES_MAX } from "./queue.ts";
import type { Opened, Session } from "./session.ts";
import { answerFresh, codeOf, NOW, pseudoRandom, sessionPair } from "./testing.ts";

const RUNS = Number(process.env.SIMULATION_RUNS ?? 25);
/** As a failure prints it. */
const SEED = process.env.SIMULATION_SEED;
const OPERATIONS_MAX = 160;
/** 16 seconds without a new cell: an end drops its socket and joins again. */
const SILENT_SLOTS = 8;

/** How often each is drawn. */
const KINDS = [
  ["say", 14],
  ["send", 24],
  ["slot", 14],
  ["arrive", 14],
  ["arriveAll", 12],
  ["lose", 5],
  ["double", 4],
  ["garbage", 4],
  ["cut", 3],
  ["join", 5],
  ["answer", 6],
  ["wait", 5],
] as const;
type Kind = (typeof KINDS)[number][0];

interface Operation {
  readonly kind: Kind;
  readonly side: Side;
  readonly amount: number;
}

const LENGTHS = [1, 1, 1, 40, 980, 981, 3000, 12_000, 40_000];

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.oneof(...KINDS.map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind) }))),
  side: fc.constantFrom<Side>("client", "worker"),
  amount: fc.nat(9999),
});

const other = (side: Side): Side => (side === "client" ? "worker" : "client");

class Simulation {
  readonly #ends: Record<Side, Session>;
  /** On their way to this side. */
  readonly #lanes: Record<Side, Bytes[]> = { client: [], worker: [] };
  readonly #said: Record<Side, string[]> = { client: [], worker: [] };
  readonly #heard: Record<Side, number> = { client: 0, worker: 0 };
  readonly #delivered: Record<Side, number> = { client: 0, worker: 0 };
  readonly #seen = new Map<string, string>();
  readonly #random = pseudoRandom("simulation");
  #freshOpening: Bytes | undefined;
  readonly #silentSlots: Record<Side, number> = { client: 0, worker: 0 };
  #isJoined = true;
  #elapsedMs = 0;

  constructor() {
    const { client, worker } = sessionPair();
    this.#ends = { client, worker };
  }

  run(operations: readonly Operation[]): void {
    for (const operation of operations) this.#step(operation);
    this.#comeToRest();
    for (const side of ["client", "worker"] as const) {
      expect(this.#delivered[side]).toBe(this.#said[side].length);
      expect(this.#heard[other(side)]).toBe(this.#said[side].length);
      expect(this.#ends[side].undelivered()).toEqual([]);
    }
    expect(this.#ends.worker.routes()).toContainEqual(this.#ends.client.route());
  }

  /** The line loses all that is on its way, once more, and then nothing. */
  #comeToRest(): void {
    this.#lanes.client = [];
    this.#lanes.worker = [];
    if (!this.#isJoined) this.#join();
    for (let slots = 0; !this.#isSettled; slots += 1) {
      if (slots > 2000) throw new Error("they never come to rest");
      for (const side of ["client", "worker"] as const) this.#send(side, this.#ends[side].slotCell());
      this.#arriveAll("client");
      this.#arriveAll("worker");
      this.#answer();
      this.#silentSlots.client += 1;
      this.#silentSlots.worker += 1;
      if (Math.max(this.#silentSlots.client, this.#silentSlots.worker) >= SILENT_SLOTS) this.#join();
    }
  }

  get #isSettled(): boolean {
    return this.#freshOpening === undefined && this.#ends.client.isSettled && this.#ends.worker.isSettled;
  }

  #step({ kind, side, amount }: Operation): void {
    const end = this.#ends[side];
    const lane = this.#lanes[side];
    const at = lane.length === 0 ? 0 : amount % lane.length;
    switch (kind) {
      case "say":
        this.#say(side, amount);
        return;
      case "send":
        for (let sent = 0; this.#isJoined && sent <= amount % 60; sent += 1) this.#send(side, end.nextCell());
        return;
      case "slot":
        if (this.#isJoined) this.#send(side, end.slotCell());
        return;
      case "arrive":
        for (const cell of lane.splice(at, 1)) this.#arrive(side, cell);
        return;
      case "arriveAll":
        this.#arriveAll(side);
        return;
      case "lose":
        lane.splice(at, 1 + (amount % 3));
        return;
      case "double":
        lane.push(...lane.slice(at, at + 2));
        return;
      case "garbage":
        this.#arriveGarbage(side, amount);
        return;
      case "cut":
        // What an older socket still holds may arrive later than what a new one brings.
        if (amount % 2 === 0) lane.splice(0);
        this.#isJoined = false;
        return;
      case "join":
        this.#join();
        return;
      case "answer":
        this.#answer();
        return;
      case "wait":
        this.#elapsedMs += amount * 100;
        this.#ends.client.freshen(this.#elapsedMs, this.#random);
    }
  }

  #say(side: Side, amount: number): void {
    const length = LENGTHS[amount % LENGTHS.length] ?? 1;
    const text = `${this.#said[side].length} `.padEnd(length, "x");
    if (!this.#ends[side].hasRoom(text.length)) {
      expect(this.#ends[side].hasRoom(QUEUE_BYTES_MAX)).toBe(false);
      return;
    }
    this.#said[side].push(text);
    expect(this.#ends[side].say({ type: "text", text })).toBe(this.#said[side].length);
  }

  #send(from: Side, cell: Bytes | undefined): void {
    if (cell === undefined) return;
    const name = `${from} ${sequenceOf(cell)}`;
    const digest = toHex(hash(cell));
    expect(this.#seen.get(name) ?? digest, "a number sealed twice").toBe(digest);
    this.#seen.set(name, digest);
    this.#lanes[other(from)].push(cell);
  }

  #arriveAll(side: Side): void {
    for (const cell of this.#lanes[side].splice(0)) this.#arrive(side, cell);
  }

  #arrive(side: Side, cell: Bytes): void {
    this.#note(side, this.#ends[side].openCell(cell, NOW));
  }

  #note(side: Side, { records, delivered, isNew }: Opened): void {
    if (isNew) this.#silentSlots[side] = 0;
    if (delivered !== undefined) {
      expect(delivered).toBeGreaterThan(this.#delivered[side]);
      this.#delivered[side] = delivered;
    }
    for (const record of records) {
      if (record.type === "fresh_opening") this.#freshOpening = record.message;
      else {
        const wanted = this.#said[other(side)][this.#heard[side]];
        expect(record).toEqual({ type: "text", text: wanted });
        this.#heard[side] += 1;
      }
    }
  }

  /** What a relay makes up, or damages, harms nobody. */
  #arriveGarbage(side: Side, amount: number): void {
    const end = this.#ends[side];
    const number = new Uint8Array(8);
    new DataView(number.buffer).setBigUint64(0, end.receivedBelow + BigInt(amount % 70));
    const before = end.receivedBelow;
    const real = this.#lanes[side][0];
    const garbage =
      real === undefined || amount % 2 === 0 ? new Uint8Array(1016).fill(amount) : real.slice(8);
    garbage[amount % 1016] = (garbage[amount % 1016] ?? 0) ^ 1;
    expect(["refused", "accepted"]).toContain(codeOf(() => end.openCell(concat(number, garbage), NOW)));
    expect(end.receivedBelow).toBe(before);
  }

  #join(): void {
    this.#isJoined = true;
    for (const side of ["client", "worker"] as const) {
      this.#silentSlots[side] = 0;
      this.#ends[side].rejoined(this.#elapsedMs);
      this.#send(side, this.#ends[side].emptyCell());
      const repeated = (): Bytes | undefined => this.#ends[side].repeatedCell();
      for (let cell = repeated(); cell !== undefined; cell = repeated()) this.#send(side, cell);
    }
  }

  #answer(): void {
    if (this.#freshOpening === undefined) return;
    answerFresh(this.#ends.worker, this.#freshOpening, this.#random);
    this.#freshOpening = undefined;
  }
}

describe("a line that loses, doubles, reorders, delays and breaks", () => {
  it(`loses, doubles and reorders no word in ${RUNS} consultations`, {
    timeout: 60_000 + RUNS * 2000,
  }, () => {
    const operations = fc.array(operation, { maxLength: OPERATIONS_MAX, size: "max" });
    const losesNothing = fc.property(operations, (list) => new Simulation().run(list));
    fc.assert(losesNothing, SEED === undefined ? { numRuns: RUNS } : { numRuns: RUNS, seed: Number(SEED) });
  });
});
