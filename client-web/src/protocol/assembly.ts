// Cells in order become records. Mirrors docs/protocol.md sections 9 (`more`) and 10.

import { type Bytes, concat, wipe } from "./bytes.ts";
import { type CellContent, RECORD_TYPE_EMPTY } from "./cell.ts";
import { SessionError } from "./errors.ts";
import { type EncodedRecord, RECORD_MAX_BYTES } from "./record.ts";

export class Assembly {
  #recordType = RECORD_TYPE_EMPTY;
  #parts: Bytes[] = [];
  #bytes = 0;

  /** Returns the record that this cell completes, if it completes one. */
  add({ recordType, more, data }: CellContent): EncodedRecord | undefined {
    if (recordType === RECORD_TYPE_EMPTY) return undefined;
    const isFirst = this.#parts.length === 0;
    // A record goes on with at least a byte, or it would not have needed that cell.
    if ((!isFirst && recordType !== this.#recordType) || data.length === 0)
      throw new SessionError("malformed");
    this.#recordType = recordType;
    this.#parts.push(data);
    this.#bytes += data.length;
    if (this.#bytes > RECORD_MAX_BYTES) throw new SessionError("malformed");
    if (more) return undefined;
    const body = concat(...this.#parts);
    this.wipe();
    return { recordType, body };
  }

  wipe(): void {
    wipe(...this.#parts);
    this.#parts = [];
    this.#bytes = 0;
  }
}
