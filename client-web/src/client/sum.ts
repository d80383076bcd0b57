// The sum that a crowded door asks for, in slices so short that the page stays alive meanwhile.

import type { Bytes } from "../protocol/bytes.ts";
import { type Puzzle, search } from "../protocol/puzzle.ts";
import type { World } from "./world.ts";

/** Half of what a person notices: a slow moment of the device may double it. */
const SLICE_MILLISECONDS = 25;
/** Until the device is known. The slowest phones do so many within a slice. */
const COUNT_MIN = 200;
const COUNT_MAX = 20_000;
/** Some browsers round their clocks to a tenth of a second. */
const KNOWN_AFTER_MILLISECONDS = 300;

export class Sum {
  readonly #world: World;
  readonly #puzzle: Puzzle;
  readonly #found: (nonce: Bytes) => void;
  readonly #since: number;
  #tried = 0;
  #isStopped = false;

  constructor(world: World, puzzle: Puzzle, found: (nonce: Bytes) => void) {
    this.#world = world;
    this.#puzzle = puzzle;
    this.#found = found;
    this.#since = world.elapsedMilliseconds();
    world.soon(() => this.#slice());
  }

  stop(): void {
    this.#isStopped = true;
  }

  #slice(): void {
    if (this.#isStopped) return;
    const count = this.#count();
    const nonce = search(this.#puzzle, BigInt(this.#tried), count);
    this.#tried += count;
    if (nonce !== undefined) this.#found(nonce);
    else this.#world.soon(() => this.#slice());
  }

  #count(): number {
    const passed = this.#world.elapsedMilliseconds() - this.#since;
    if (passed < KNOWN_AFTER_MILLISECONDS) return COUNT_MIN;
    const count = Math.floor((this.#tried / passed) * SLICE_MILLISECONDS);
    return Math.min(Math.max(count, COUNT_MIN), COUNT_MAX);
  }
}
