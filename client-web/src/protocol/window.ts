// What has arrived: cells in any order, each taken once, acted on in order. Mirrors docs/protocol.md section 9
// ("receiving").

import { wipe } from "./bytes.ts";
import { type CellContent, FIRST_SEQUENCE, SEQUENCE_LIMIT } from "./cell.ts";

/** How far above the lowest missing cell one may be. */
const WINDOW_CELLS_MAX = 64n;

export class Window {
  #next: bigint;
  readonly #kept = new Map<bigint, CellContent>();

  constructor(first = FIRST_SEQUENCE) {
    this.#next = first;
  }

  /** The lowest sequence number that has not arrived. */
  get next(): bigint {
    return this.#next;
  }

  /** Bit `i` says that cell `next + 1 + i` has arrived. */
  get selective(): bigint {
    let bits = 0n;
    for (const sequence of this.#kept.keys()) bits |= 1n << (sequence - this.#next - 1n);
    return bits;
  }

  /** Nothing has arrived before its turn. */
  get isWhole(): boolean {
    return this.#kept.size === 0;
  }

  has(sequence: bigint): boolean {
    return sequence < this.#next || this.#kept.has(sequence);
  }

  reaches(sequence: bigint): boolean {
    return sequence <= this.#next + WINDOW_CELLS_MAX && sequence < SEQUENCE_LIMIT;
  }

  /** Takes a cell that it has not and that it reaches. Returns those whose turn has come. */
  put(sequence: bigint, content: CellContent): readonly CellContent[] {
    this.#kept.set(sequence, content);
    const ready: CellContent[] = [];
    for (let turn = this.#kept.get(this.#next); turn !== undefined; turn = this.#kept.get(this.#next)) {
      this.#kept.delete(this.#next);
      this.#next += 1n;
      ready.push(turn);
    }
    return ready;
  }

  wipe(): void {
    for (const { data } of this.#kept.values()) wipe(data);
    this.#kept.clear();
  }
}
