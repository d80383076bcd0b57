// What becomes of a cell on its way: a line that loses, doubles, delays and damages cells, and replays old ones.

import type { Bytes } from "../src/protocol/bytes.ts";
import type { Side } from "../src/protocol/conduct.ts";
import type { Random } from "./random.ts";

/** Chances are per thousand cells. */
const LOST = 50;
const DOUBLED = 50;
const DAMAGED = 1;
const REPLAYED = 5;
/** How often a cell is remembered, to be replayed later. */
const KEPT = 5;
/** This many are held up for long, and are overtaken by what was sent after them. */
const HELD_UP = 30;
/** A cell of a socket that has gone may still be read from it. */
const LATE = 100;

const MILLISECOND = 1000;
/** Cells that arrive within one such moment are read at once, as a program reads what has come. */
const MOMENT = 20 * MILLISECOND;

export interface Arrival {
  /** In microseconds from now. */
  readonly after: number;
  readonly cell: Bytes;
}

export class Line {
  readonly #random: Random;
  readonly #kept: Record<Side, Bytes | undefined> = { client: undefined, worker: undefined };
  readonly counts = { lost: 0, doubled: 0, damaged: 0, replayed: 0, heldUp: 0 };

  constructor(random: Random) {
    this.#random = random;
  }

  carry(from: Side, cell: Bytes): Arrival[] {
    const arrivals: Arrival[] = [];
    const arrives = (each: Bytes): unknown => arrivals.push({ after: this.#delay(), cell: each });
    const kept = this.#kept[from];
    if (kept === undefined || this.#random.happens(KEPT)) this.#kept[from] = cell;
    if (kept !== undefined && this.#random.happens(REPLAYED)) {
      this.counts.replayed += 1;
      arrives(kept);
    }
    if (this.#random.happens(LOST)) {
      this.counts.lost += 1;
      return arrivals;
    }
    if (this.#random.happens(DOUBLED)) {
      this.counts.doubled += 1;
      arrives(cell);
    }
    arrives(this.#random.happens(DAMAGED) ? this.#damage(cell) : cell);
    return arrivals;
  }

  /** Whether a cell on a socket that has gone still arrives. */
  isReadLate(): boolean {
    return this.#random.happens(LATE);
  }

  #damage(cell: Bytes): Bytes {
    this.counts.damaged += 1;
    const damaged = cell.slice();
    const at = this.#random.below(damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << this.#random.below(8));
    return damaged;
  }

  #delay(): number {
    const isHeldUp = this.#random.happens(HELD_UP);
    if (isHeldUp) this.counts.heldUp += 1;
    const delay = isHeldUp ? this.#random.between(400, 8000) : this.#random.between(20, 400);
    return Math.ceil((delay * MILLISECOND) / MOMENT) * MOMENT;
  }
}
