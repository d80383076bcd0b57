// The two cells of an answer, one after the other.

import { type Bytes, concat } from "../protocol/bytes.ts";

export class AnswerCells {
  #first: Uint8Array | undefined;

  /** Returns the answer with its second cell. */
  take(cell: Uint8Array): Bytes | undefined {
    if (this.#first !== undefined) return concat(this.#first, cell);
    this.#first = cell;
    return undefined;
  }
}
