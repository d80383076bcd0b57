// Cells: all that crosses a matched socket. Mirrors docs/protocol.md section 9, and section 7 ("as cells").

import { open, seal, TAG_SIZE } from "./aead.ts";
import { type Bytes, concat, isZero, Reader, uint8, uint16, uint64, wipe } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

export const CELL_SIZE = 1024;
export const CELL_DATA_MAX = 980;
/** 0 and 1 carried the handshake. */
export const FIRST_SEQUENCE = 2n;
/** An end stops before it. */
export const SEQUENCE_LIMIT = 1n << 32n;
export const RECORD_TYPE_EMPTY = 0;

const SEQUENCE_SIZE = 8;
const BODY_SIZE = CELL_SIZE - SEQUENCE_SIZE;
const PLAINTEXT_SIZE = BODY_SIZE - TAG_SIZE;
export const HANDSHAKE_SIZE = 2 * BODY_SIZE;
export const HANDSHAKE_CELLS_SIZE = 2 * CELL_SIZE;

/** `refused`: the seal is broken. `malformed`: sealed well, but it breaks a rule of section 9. */
export class CellError extends ProtocolError<"malformed" | "refused"> {}

export interface CellContent {
  /** The lowest sequence number of the other end that has not yet arrived. */
  readonly acknowledged: bigint;
  readonly selective: bigint;
  readonly recordType: number;
  readonly more: boolean;
  readonly data: Bytes;
}

export function sealCell(key: Uint8Array, sequence: bigint, content: CellContent): Bytes {
  if (sequence < FIRST_SEQUENCE || sequence >= SEQUENCE_LIMIT) throw new RangeError("no such cell");
  const plaintext = encode(content);
  const cell = concat(uint64(sequence), seal(key, sequence, plaintext));
  wipe(plaintext);
  return cell;
}

export function openCell(key: Uint8Array, cell: Uint8Array): CellContent {
  const sequence = sequenceOf(cell);
  let plaintext: Bytes;
  try {
    plaintext = open(key, sequence, cell.subarray(SEQUENCE_SIZE));
  } catch {
    throw new CellError("refused");
  }
  const content = decode(plaintext);
  wipe(plaintext);
  return content;
}

/** Readable by anybody, true only once the cell has opened. */
export function sequenceOf(cell: Uint8Array): bigint {
  if (cell.length !== CELL_SIZE) throw new CellError("malformed");
  return new Reader(cell).uint64();
}

/** Cuts a handshake message of 2,032 bytes into cells 0 and 1. */
export function handshakeToCells(message: Uint8Array): Bytes {
  if (message.length !== HANDSHAKE_SIZE) throw new RangeError("handshake message has a wrong size");
  return concat(uint64(0n), message.subarray(0, BODY_SIZE), uint64(1n), message.subarray(BODY_SIZE));
}

export function handshakeFromCells(cells: Uint8Array): Bytes {
  if (cells.length !== HANDSHAKE_CELLS_SIZE) throw new CellError("malformed");
  const [first, second] = [cells.subarray(0, CELL_SIZE), cells.subarray(CELL_SIZE)];
  if (sequenceOf(first) !== 0n || sequenceOf(second) !== 1n) throw new CellError("malformed");
  return concat(first.subarray(SEQUENCE_SIZE), second.subarray(SEQUENCE_SIZE));
}

function encode(content: CellContent): Bytes {
  const length = content.data.length;
  if (length > CELL_DATA_MAX) throw new RangeError("a cell holds 980 bytes");
  return concat(
    uint64(content.acknowledged),
    uint64(content.selective),
    uint8(content.recordType),
    uint8(content.more ? 1 : 0),
    uint16(length),
    content.data,
    new Uint8Array(CELL_DATA_MAX - length),
  );
}

function decode(plaintext: Bytes): CellContent {
  if (plaintext.length !== PLAINTEXT_SIZE) throw new CellError("malformed");
  const reader = new Reader(plaintext);
  const acknowledged = reader.uint64();
  const selective = reader.uint64();
  const recordType = reader.uint8();
  const more = reader.uint8();
  const length = reader.uint16();
  const field = reader.take(CELL_DATA_MAX);

  const isSound =
    length <= CELL_DATA_MAX &&
    isZero(field.subarray(length)) &&
    (more === 0 || (more === 1 && length === CELL_DATA_MAX)) &&
    (recordType !== RECORD_TYPE_EMPTY || (more === 0 && length === 0));
  if (!isSound) throw new CellError("malformed");
  const data = field.slice(0, length);
  wipe(field);
  return { acknowledged, selective, recordType, more: more === 1, data };
}
