// Records: what the two people say and do. Mirrors docs/protocol.md section 10.

import { type Bytes, decodeUtf8, encodeUtf8, isWellFormed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

export const RECORD_MAX_BYTES = 65_536;
export const TEXT_MAX_BYTES = 40_000;

const TYPE_TEXT = 1;
const TYPE_CLOSE = 2;
const REASON_ENDED = 1;

/** `too_long` and `empty` speak of what the person wrote; `malformed` is no text, or what no peer may send. */
export class RecordError extends ProtocolError<"malformed" | "too_long" | "empty"> {}

/** Not named `Record`: TypeScript has a type of that name. */
export type ConsultationRecord =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "close"; readonly reason: "ended" };

export interface EncodedRecord {
  readonly recordType: number;
  readonly body: Bytes;
}

export function encodeRecord(record: ConsultationRecord): EncodedRecord {
  if (record.type === "close") return { recordType: TYPE_CLOSE, body: Uint8Array.of(REASON_ENDED) };
  if (!isWellFormed(record.text)) throw new RecordError("malformed");
  const body = encodeUtf8(record.text);
  if (body.length === 0) throw new RecordError("empty");
  if (body.length > TEXT_MAX_BYTES) throw new RecordError("too_long");
  return { recordType: TYPE_TEXT, body };
}

export function decodeRecord({ recordType, body }: EncodedRecord): ConsultationRecord {
  switch (recordType) {
    case TYPE_TEXT:
      return { type: "text", text: textOf(body) };
    case TYPE_CLOSE:
      if (body.length !== 1 || body[0] !== REASON_ENDED) throw new RecordError("malformed");
      return { type: "close", reason: "ended" };
    default:
      throw new RecordError("malformed");
  }
}

function textOf(body: Bytes): string {
  if (body.length === 0 || body.length > TEXT_MAX_BYTES) throw new RecordError("malformed");
  try {
    return decodeUtf8(body);
  } catch {
    throw new RecordError("malformed");
  }
}
