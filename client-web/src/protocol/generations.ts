// Which key seals and opens which cell, while keys are renewed. Mirrors docs/protocol.md section 7 ("fresh
// secrets").

import type { Bytes } from "./bytes.ts";
import { type CellContent, CellError, openCell, SEQUENCE_LIMIT, sealCell } from "./cell.ts";
import type { Side } from "./conduct.ts";
import { SessionError } from "./errors.ts";
import { routeOf, type SessionKeys, wipeKeys } from "./session-keys.ts";

interface Generation {
  readonly keys: SessionKeys;
  /** The lowest and the highest cell that opened with these keys. */
  openedFrom: bigint;
  openedTo: bigint;
}

export class Generations {
  readonly #side: Side;
  #number = 0;
  #present: Generation;
  /** A worker that has answered holds two generations until the client has taken the newer up. */
  #next: Generation | undefined;
  #isNextSealing = false;

  /** Takes the keys over, here and below: they are wiped with their generation. */
  constructor(side: Side, keys: SessionKeys) {
    this.#side = side;
    this.#present = unheard(keys);
  }

  /** Of the present keys. */
  get number(): number {
    return this.#number;
  }

  /** Of the present keys. */
  get exportSecret(): Bytes {
    return this.#present.keys.exportSecret;
  }

  /** The worker has answered, and old cells of the client may still come. */
  get isChanging(): boolean {
    return this.#next !== undefined;
  }

  /** Where the peer may be met, the newest first. */
  get routes(): readonly Bytes[] {
    const present = routeOf(this.#present.keys);
    if (this.#next === undefined) return [present];
    const next = routeOf(this.#next.keys);
    return isHeard(this.#next) ? [next] : [next, present];
  }

  seal(sequence: bigint, content: CellContent): Bytes {
    const { keys } = (this.#isNextSealing && this.#next) || this.#present;
    return sealCell(this.#side === "client" ? keys.clientKey : keys.workerKey, sequence, content);
  }

  /** Throws a CellError when no key that may open this cell does, a SessionError when keys went backwards. */
  open(sequence: bigint, cell: Uint8Array): CellContent {
    const next = this.#next;
    if (next === undefined) return this.#openWith(this.#present, sequence, cell);
    if (sequence < next.openedFrom) {
      try {
        return this.#openWith(this.#present, sequence, cell);
      } catch (error) {
        if (!(error instanceof CellError) || error.code !== "refused") throw error;
      }
    }
    const content = this.#openWith(next, sequence, cell);
    assertForward(this.#present, sequence);
    return content;
  }

  /** The client has read the answer, which ended in this cell: the old keys open nothing from here on. */
  advance(keys: SessionKeys, lastSequence: bigint): void {
    const next = unheard(keys);
    try {
      assertForward(this.#present, lastSequence);
    } finally {
      this.#replacePresent(next);
    }
  }

  /** The worker has agreed on these keys, and answers. */
  prepare(keys: SessionKeys): void {
    this.#next = unheard(keys);
  }

  /** The worker has sealed the last cell of its answer. */
  sealWithNext(): void {
    this.#isNextSealing = true;
  }

  /** All cells below have arrived. */
  arrived(below: bigint): void {
    if (this.#next === undefined || below < this.#next.openedFrom) return;
    this.#replacePresent(this.#next);
    this.#next = undefined;
    this.#isNextSealing = false;
  }

  wipe(): void {
    wipeKeys(this.#present.keys);
    if (this.#next !== undefined) wipeKeys(this.#next.keys);
  }

  #openWith(generation: Generation, sequence: bigint, cell: Uint8Array): CellContent {
    const { clientKey, workerKey } = generation.keys;
    const content = openCell(this.#side === "client" ? workerKey : clientKey, cell);
    if (sequence < generation.openedFrom) generation.openedFrom = sequence;
    if (sequence > generation.openedTo) generation.openedTo = sequence;
    return content;
  }

  #replacePresent(generation: Generation): void {
    wipeKeys(this.#present.keys);
    this.#present = generation;
    this.#number += 1;
  }
}

function unheard(keys: SessionKeys): Generation {
  return { keys, openedFrom: SEQUENCE_LIMIT, openedTo: 0n };
}

function isHeard({ openedTo }: Generation): boolean {
  return openedTo > 0n;
}

/** Nobody seals with old keys once there are new ones, so no cell above may have opened with them. */
function assertForward(old: Generation, sequence: bigint): void {
  if (old.openedTo > sequence) throw new SessionError("malformed");
}
