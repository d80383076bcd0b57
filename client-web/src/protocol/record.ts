// Records: what the two people say and do, and what their ends arrange for them. Mirrors docs/protocol.md
// section 10.

import { type Bytes, concat, decodeUtf8, encodeUtf8, isWellFormed, Reader, uint64 } from "./bytes.ts";
import { CERTIFICATE_SIZE } from "./certificate.ts";
import { ProtocolError } from "./errors.ts";

export const RECORD_MAX_BYTES = 65_536;
export const TEXT_MAX_BYTES = 40_000;
const FRESH_OPENING_SIZE = 1232;
const FRESH_ANSWER_SIZE = 1316;
const HAND_OVER_SECRET_SIZE = 32;

export const RECORD_TYPE = {
  text: 1,
  close: 2,
  fresh_opening: 3,
  fresh_answer: 4,
  hand_over: 5,
  hand_over_reply: 6,
  hand_over_withdrawn: 7,
  carried_over: 8,
} as const;

/** The one reason that `close` and `hand_over_withdrawn` have. */
const REASON = 1;
const REPLIES = ["agreed", "declined", "did_not_come"] as const;

/** `did_not_come`: the client had agreed, and the colleague was not there. */
export type HandOverReply = (typeof REPLIES)[number];

/** `too_long` and `empty` speak of what the person wrote; `malformed` is no text, or what no peer may send. */
export class RecordError extends ProtocolError<"malformed" | "too_long" | "empty"> {}

/** What a caller may say; the others are the ends' own, to renew their keys. */
export type SpokenRecord =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "close"; readonly reason: "ended" }
  | { readonly type: "hand_over"; readonly secret: Bytes; readonly certificate: Bytes }
  | { readonly type: "hand_over_reply"; readonly reply: HandOverReply }
  | { readonly type: "hand_over_withdrawn" }
  | { readonly type: "carried_over"; readonly receivedBelow: bigint };

/** Not named `Record`: TypeScript has a type of that name. */
export type ConsultationRecord =
  | SpokenRecord
  | { readonly type: "fresh_opening"; readonly message: Bytes }
  | { readonly type: "fresh_answer"; readonly message: Bytes };

export interface EncodedRecord {
  readonly recordType: number;
  readonly body: Bytes;
}

export function encodeRecord(record: ConsultationRecord): EncodedRecord {
  return { recordType: RECORD_TYPE[record.type], body: bodyOf(record) };
}

export function decodeRecord({ recordType, body }: EncodedRecord): ConsultationRecord {
  switch (recordType) {
    case RECORD_TYPE.text:
      return { type: "text", text: textOf(body) };
    case RECORD_TYPE.close:
      assertReason(body);
      return { type: "close", reason: "ended" };
    case RECORD_TYPE.fresh_opening:
      return { type: "fresh_opening", message: fields(body, FRESH_OPENING_SIZE).take(FRESH_OPENING_SIZE) };
    case RECORD_TYPE.fresh_answer:
      return { type: "fresh_answer", message: fields(body, FRESH_ANSWER_SIZE).take(FRESH_ANSWER_SIZE) };
    case RECORD_TYPE.hand_over: {
      const reader = fields(body, HAND_OVER_SECRET_SIZE + CERTIFICATE_SIZE);
      const secret = reader.take(HAND_OVER_SECRET_SIZE);
      return { type: "hand_over", secret, certificate: reader.take(CERTIFICATE_SIZE) };
    }
    case RECORD_TYPE.hand_over_reply: {
      const reply = REPLIES[fields(body, 1).uint8() - 1];
      if (reply === undefined) throw new RecordError("malformed");
      return { type: "hand_over_reply", reply };
    }
    case RECORD_TYPE.hand_over_withdrawn:
      assertReason(body);
      return { type: "hand_over_withdrawn" };
    case RECORD_TYPE.carried_over:
      return { type: "carried_over", receivedBelow: fields(body, 8).uint64() };
    default:
      throw new RecordError("malformed");
  }
}

function bodyOf(record: ConsultationRecord): Bytes {
  switch (record.type) {
    case "text":
      return encodeText(record.text);
    case "close":
    case "hand_over_withdrawn":
      return Uint8Array.of(REASON);
    case "fresh_opening":
    case "fresh_answer":
      return concat(record.message);
    case "hand_over":
      return concat(record.secret, record.certificate);
    case "hand_over_reply":
      return Uint8Array.of(REPLIES.indexOf(record.reply) + 1);
    case "carried_over":
      return uint64(record.receivedBelow);
  }
}

function encodeText(text: string): Bytes {
  if (!isWellFormed(text)) throw new RecordError("malformed");
  const body = encodeUtf8(text);
  if (body.length === 0) throw new RecordError("empty");
  if (body.length > TEXT_MAX_BYTES) throw new RecordError("too_long");
  return body;
}

function textOf(body: Bytes): string {
  if (body.length === 0 || body.length > TEXT_MAX_BYTES) throw new RecordError("malformed");
  try {
    return decodeUtf8(body);
  } catch {
    throw new RecordError("malformed");
  }
}

function fields(body: Bytes, size: number): Reader {
  if (body.length !== size) throw new RecordError("malformed");
  return new Reader(body);
}

function assertReason(body: Bytes): void {
  if (fields(body, 1).uint8() !== REASON) throw new RecordError("malformed");
}
