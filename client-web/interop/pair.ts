// A client's end in TypeScript and a worker's in Rust, to which anything happens in any order. Mirrors
// protocol/src/tests/lossy/operations.rs.

import { type Bytes, equal } from "../src/protocol/bytes.ts";
import { sequenceOf } from "../src/protocol/cell.ts";
import type { Side } from "../src/protocol/conduct.ts";
import { type Cover, SILENT_AFTER_MS } from "../src/protocol/pacer.ts";
import type { ClientEnd } from "./client-end.ts";
import type { Happening } from "./end.ts";
import { meet } from "./meeting.ts";
import { Random } from "./random.ts";
import type { RustWorker } from "./rust-worker.ts";
import { Seat } from "./seat.ts";

/** Cells are those that this side has sent; `which` of them is taken modulo their number. */
export type Operation =
  | { readonly type: "say"; readonly side: Side; readonly length: number }
  | { readonly type: "cover"; readonly side: Side; readonly cover: Cover }
  | { readonly type: "pass"; readonly milliseconds: number }
  | { readonly type: "arrive" | "lose" | "double"; readonly side: Side; readonly which: number }
  | { readonly type: "damage"; readonly side: Side; readonly which: number; readonly bit: number }
  /** Of all lines. */
  | { readonly type: "replay"; readonly side: Side; readonly which: number }
  /** What the line still holds may be read later than what the next one brings. */
  | { readonly type: "cut"; readonly isAllLost: boolean }
  | { readonly type: "join" };

const SETTING = { seed: 0, startSeconds: 1_795_000_000 };
/** By the ends' clock, which counts microseconds. */
const MILLISECOND = 1000;
const SECOND = 1000 * MILLISECOND;
/** More than a full queue needs, a cell in each slot. */
const COMPLETE_MAX = 3600 * SECOND;

export class Pair {
  readonly #client: Seat<ClientEnd>;
  readonly #worker: Seat<RustWorker>;
  readonly #said: Record<Side, string[]> = { client: [], worker: [] };
  readonly #onTheirWay: Record<Side, Bytes[]> = { client: [], worker: [] };
  readonly #sealed: Record<Side, Map<bigint, Bytes>> = { client: new Map(), worker: new Map() };
  #now = 0;
  #heardNewAt = 0;
  #isJoined = false;

  private constructor(client: ClientEnd, worker: RustWorker) {
    this.#client = new Seat("client", client);
    this.#worker = new Seat("worker", worker);
  }

  static async begin(): Promise<Pair> {
    const { client, worker } = await meet(SETTING, new Random(SETTING.seed));
    const pair = new Pair(client, worker);
    for (const seat of pair.#seats) await pair.#turn(seat, []);
    await pair.#join();
    return pair;
  }

  async run(operation: Operation): Promise<void> {
    switch (operation.type) {
      case "say":
        return this.#say(operation.side, operation.length);
      case "cover":
        return this.#turn(this.#seat(operation.side), [{ type: "cover", cover: operation.cover }]);
      case "pass":
        return this.#pass(operation.milliseconds * MILLISECOND);
      case "replay": {
        const sealed = [...this.#sealed[operation.side].values()];
        return this.#arrive(operation.side, sealed.slice(operation.which % sealed.length).slice(0, 1));
      }
      case "cut":
        this.#isJoined = false;
        if (operation.isAllLost) for (const { side } of this.#seats) this.#onTheirWay[side] = [];
        return;
      case "join":
        return this.#join();
      default:
        return this.#meddle(operation);
    }
  }

  /** From now on the line is good: everything must arrive, and so must the client's close. */
  async complete(): Promise<void> {
    await this.#join();
    await this.#until(() =>
      this.#seats.every(({ side, delivered }) => delivered === this.#said[side].length),
    );
    this.#client.end.close();
    await this.#until(() => this.#client.end.isSettled && this.#worker.end.isClosed);
  }

  async stop(): Promise<void> {
    await this.#worker.end.stop();
  }

  get #seats(): readonly Seat[] {
    return [this.#client, this.#worker];
  }

  #seat(side: Side): Seat {
    return side === "client" ? this.#client : this.#worker;
  }

  #other(side: Side): Seat {
    return side === "client" ? this.#worker : this.#client;
  }

  /** Lets it happen at this end, checks what the end tells, and keeps what it sends. */
  async #turn(seat: Seat, happenings: readonly Happening[]): Promise<void> {
    const { side } = seat;
    const other = this.#other(side);
    const outcome = await seat.end.turn({ at: this.#now, isJoined: this.#isJoined, happenings });
    seat.note(outcome, other, (number) => this.#said[other.side][number]);
    if (outcome.isNew) this.#heardNewAt = this.#now;
    for (const cell of outcome.cells) {
      const before = this.#sealed[side].get(sequenceOf(cell));
      if (before !== undefined && !equal(before, cell)) throw new Error(`the ${side} sealed a number twice`);
      this.#sealed[side].set(sequenceOf(cell), cell);
      this.#onTheirWay[side].push(cell);
    }
    if (outcome.refused > 0) await this.#join();
  }

  async #say(side: Side, length: number): Promise<void> {
    const said = this.#said[side];
    said.push(`${said.length} `.padEnd(length, "x"));
    await this.#turn(
      this.#seat(side),
      said.slice(-1).map((text) => ({ type: "say", text })),
    );
    // Words that found no room stay with the person.
    said.length = this.#seat(side).said;
  }

  async #pass(time: number): Promise<void> {
    this.#now += time;
    for (const seat of this.#seats) await this.#turn(seat, []);
  }

  async #meddle(
    operation: Extract<Operation, { readonly type: "arrive" | "lose" | "double" | "damage" }>,
  ): Promise<void> {
    const { type, side, which } = operation;
    const cells = this.#onTheirWay[side];
    const [cell] = cells.splice(which % cells.length, 1);
    if (cell === undefined) return;
    if (type === "arrive") await this.#arrive(side, [cell]);
    else if (type === "double") cells.push(cell, cell);
    else if (type === "damage") cells.push(damaged(cell, operation.bit));
  }

  async #arrive(from: Side, cells: readonly Bytes[]): Promise<void> {
    for (const cell of cells) await this.#turn(this.#other(from), [{ type: "take", cell }]);
  }

  async #join(): Promise<void> {
    if (!this.#client.shares(this.#worker)) throw new Error("the ends wait at different routes");
    this.#isJoined = true;
    this.#heardNewAt = this.#now;
    for (const seat of this.#seats) await this.#turn(seat, [{ type: "join" }]);
  }

  async #until(isReached: () => boolean): Promise<void> {
    const deadline = this.#now + COMPLETE_MAX;
    while (!isReached()) {
      if (this.#now >= deadline) throw new Error("something never arrives");
      await this.#pass(SECOND);
      for (const { side } of this.#seats) await this.#arrive(side, this.#onTheirWay[side].splice(0));
      if (this.#now >= this.#heardNewAt + SILENT_AFTER_MS * MILLISECOND) await this.#join();
    }
  }
}

function damaged(cell: Bytes, bit: number): Bytes {
  const copy = cell.slice();
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
