// The session: records in, cells out, and back, in order and once. Mirrors docs/protocol.md sections 7 (keys),
// 9 (receiving) and 10.

import { type Bytes, concat, wipe } from "./bytes.ts";
import {
  CELL_DATA_MAX,
  type CellContent,
  CellError,
  FIRST_SEQUENCE,
  openCell,
  RECORD_TYPE_EMPTY,
  SEQUENCE_LIMIT,
  sealCell,
  sequenceOf,
} from "./cell.ts";
import { ProtocolError } from "./errors.ts";
import { hkdf } from "./hash.ts";
import { label } from "./labels.ts";
import type { NoiseResult } from "./noise.ts";
import {
  type ConsultationRecord,
  decodeRecord,
  encodeRecord,
  RECORD_MAX_BYTES,
  RecordError,
} from "./record.ts";

/**
 * `refused`: a seal is broken. `lost`: a cell before this one never came. `malformed`: the peer broke a rule.
 * `closed`: a record after `close`. `exhausted`: all sequence numbers are used. `ended`: the session was wiped.
 */
export class SessionError extends ProtocolError<
  "refused" | "lost" | "malformed" | "closed" | "exhausted" | "ended"
> {}

export interface SessionKeys {
  readonly clientKey: Bytes;
  readonly workerKey: Bytes;
  readonly exportSecret: Bytes;
}

export interface SealedRecord {
  readonly cells: readonly Bytes[];
  /** The record has arrived once the peer's `acknowledged` is greater. */
  readonly lastSequence: bigint;
}

export interface OpenedCell {
  readonly record?: ConsultationRecord;
  /** The lowest of our sequence numbers that has not arrived at the peer. */
  readonly acknowledged: bigint;
  /** The caller now owes the peer a cell: any cell, empty if there is nothing to say. */
  readonly needsAcknowledgement: boolean;
}

/** Consumes the handshake's result. */
export function deriveSessionKeys({ handshakeHash, k1, k2 }: NoiseResult): SessionKeys {
  const root = concat(k1, k2);
  const keys = {
    clientKey: hkdf(handshakeHash, root, label("client cells")),
    workerKey: hkdf(handshakeHash, root, label("worker cells")),
    exportSecret: hkdf(handshakeHash, root, label("export")),
  };
  wipe(root, k1, k2, handshakeHash);
  return keys;
}

/** One end of a consultation. What the peer does wrong ends it: the session wipes itself and throws. */
export class Session {
  readonly #keys: SessionKeys;
  readonly #sendKey: Bytes;
  readonly #receiveKey: Bytes;
  #isLive = true;

  #nextSend = FIRST_SEQUENCE;
  #sentClose = false;

  #nextReceive = FIRST_SEQUENCE;
  #receivedClose = false;
  #acknowledged = FIRST_SEQUENCE;
  #unfinished: { recordType: number; body: Bytes } | undefined;

  /** Takes the keys over: they are wiped with the session. */
  constructor(side: "client" | "worker", keys: SessionKeys) {
    this.#keys = keys;
    this.#sendKey = side === "client" ? keys.clientKey : keys.workerKey;
    this.#receiveKey = side === "client" ? keys.workerKey : keys.clientKey;
  }

  /** A record that cannot be encoded throws a RecordError and leaves the session as it was. */
  sealRecord(record: ConsultationRecord): SealedRecord {
    this.#assertLive();
    if (this.#sentClose || this.#receivedClose) throw new SessionError("closed");
    const { recordType, body } = encodeRecord(record);
    const cells: Bytes[] = [];
    for (let at = 0; at === 0 || at < body.length; at += CELL_DATA_MAX) {
      const end = at + CELL_DATA_MAX;
      cells.push(this.#seal(recordType, end < body.length, body.slice(at, end)));
    }
    this.#sentClose = record.type === "close";
    wipe(body);
    return { cells, lastSequence: this.#nextSend - 1n };
  }

  /** Allowed after `close` too: the close itself has to be acknowledged. */
  sealEmpty(): Bytes {
    this.#assertLive();
    return this.#seal(RECORD_TYPE_EMPTY, false, new Uint8Array(0));
  }

  openCell(cell: Uint8Array): OpenedCell {
    this.#assertLive();
    try {
      return this.#receive(cell);
    } catch (error) {
      this.wipe();
      throw asSessionError(error);
    }
  }

  wipe(): void {
    this.#isLive = false;
    this.#dropUnfinished();
    wipe(this.#keys.clientKey, this.#keys.workerKey, this.#keys.exportSecret);
  }

  #assertLive(): void {
    if (!this.#isLive) throw new SessionError("ended");
  }

  #seal(recordType: number, more: boolean, data: Bytes): Bytes {
    const content = { acknowledged: this.#nextReceive, selective: 0n, recordType, more, data };
    if (this.#nextSend >= SEQUENCE_LIMIT) throw new SessionError("exhausted");
    const cell = sealCell(this.#sendKey, this.#nextSend, content);
    wipe(data);
    this.#nextSend += 1n;
    return cell;
  }

  #receive(cell: Uint8Array): OpenedCell {
    const sequence = sequenceOf(cell);
    if (sequence < this.#nextReceive) {
      return { acknowledged: this.#acknowledged, needsAcknowledgement: false };
    }
    // Opened before it is judged: a number that was altered on the way is damage, not loss.
    const content = openCell(this.#receiveKey, cell);
    if (sequence > this.#nextReceive) throw new SessionError("lost");
    this.#nextReceive += 1n;
    this.#noteAcknowledged(content.acknowledged);
    const acknowledged = this.#acknowledged;
    const record = this.#gather(content);
    return record === undefined
      ? { acknowledged, needsAcknowledgement: false }
      : { record, acknowledged, needsAcknowledgement: true };
  }

  /** It only grows, and nobody can have what was never sent. */
  #noteAcknowledged(acknowledged: bigint): void {
    const isPossible = acknowledged >= this.#acknowledged && acknowledged <= this.#nextSend;
    if (!isPossible) throw new SessionError("malformed");
    this.#acknowledged = acknowledged;
  }

  /**
   * Returns the record that this cell completes, if it completes one. Records may still come after our own
   * `close`: the peer sent them before it had read it.
   */
  #gather({ recordType, more, data }: CellContent): ConsultationRecord | undefined {
    const before = this.#unfinished;
    // A record goes on in the very next cell, with at least a byte, or it would not have needed that cell.
    if (before !== undefined && (recordType !== before.recordType || data.length === 0)) {
      throw new SessionError("malformed");
    }
    if (recordType === RECORD_TYPE_EMPTY) return undefined;
    if (this.#receivedClose) throw new SessionError("closed");

    const body = before === undefined ? data : concat(before.body, data);
    this.#dropUnfinished();
    if (body.length > RECORD_MAX_BYTES) throw new SessionError("malformed");
    if (more) {
      this.#unfinished = { recordType, body };
      return undefined;
    }
    const record = decodeRecord({ recordType, body });
    wipe(body);
    this.#receivedClose = record.type === "close";
    return record;
  }

  #dropUnfinished(): void {
    if (this.#unfinished !== undefined) wipe(this.#unfinished.body);
    this.#unfinished = undefined;
  }
}

function asSessionError(error: unknown): unknown {
  if (error instanceof CellError) return new SessionError(error.code);
  if (error instanceof RecordError) return new SessionError("malformed");
  return error;
}
