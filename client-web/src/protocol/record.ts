// Records: what the two people say and do, and what their ends arrange for them. Mirrors docs/protocol.md
// section 10.

import {
  type Bytes,
  concat,
  decodeUtf8,
  encodeUtf8,
  fromBase64url,
  isWellFormed,
  Reader,
  toBase64url,
  uint8,
  uint16,
  uint32,
  uint64,
} from "./bytes.ts";
import { CARD_KINDS, type CardKind, cardFits } from "./card-text.ts";
import { CERTIFICATE_SIZE } from "./certificate.ts";
import { ProtocolError } from "./errors.ts";
import { FILE_KINDS, FILE_PART_BYTES, type FileOffer, isFileSize } from "./file.ts";
import { linkFromBytes } from "./link.ts";

export const RECORD_MAX_BYTES = 65_536;
export const TEXT_MAX_BYTES = 40_000;
const FRESH_OPENING_SIZE = 1232;
const FRESH_ANSWER_SIZE = 1316;
const HAND_OVER_SECRET_SIZE = 32;
/** `kind 1 ‖ title_length 2`. */
const CARD_HEAD_SIZE = 3;

export const RECORD_TYPE = {
  text: 1,
  close: 2,
  fresh_opening: 3,
  fresh_answer: 4,
  hand_over: 5,
  hand_over_reply: 6,
  hand_over_withdrawn: 7,
  carried_over: 8,
  card: 9,
  return_link: 10,
  end_proposal: 11,
  end_declined: 12,
  survey: 13,
  file_offer: 14,
  file_reply: 15,
  file_part: 16,
  file_withdrawn: 17,
} as const;

/** The one reason that those have which have a reason. */
const REASON = 1;
const FILE_OFFER_SIZE = 7;
const FILE_NUMBER_SIZE = 2;
const FILE_REPLIES = ["send", "refused", "received"] as const;
const REPLIES = ["agreed", "declined", "did_not_come"] as const;
/** In the order in which they are asked; the number of the first, which the others follow. */
export const SURVEY_QUESTIONS = ["helped", "respected", "would_return"] as const;
const FIRST_QUESTION = 40;
export const SURVEY_ANSWERS = ["yes", "partly", "no"] as const;

/** `did_not_come`: the client had agreed, and the colleague was not there. */
export type HandOverReply = (typeof REPLIES)[number];

/** What a worker says to an offer, or after it: it may come, it is not wanted (any more), all of it is here. */
export type FileReply = (typeof FILE_REPLIES)[number];

/** What a client answers before the end. The worker's end counts it and shows it to nobody. */
export interface Survey {
  readonly question: (typeof SURVEY_QUESTIONS)[number];
  readonly answer: (typeof SURVEY_ANSWERS)[number];
}

/** `too_long` and `empty` speak of what the person wrote; `malformed` is no text, or what no peer may send. */
export class RecordError extends ProtocolError<"malformed" | "too_long" | "empty"> {}

/** What a caller may say; the others are the ends' own, to renew their keys. */
export type SpokenRecord =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "close"; readonly reason: "ended" }
  | { readonly type: "hand_over"; readonly secret: Bytes; readonly certificate: Bytes }
  | { readonly type: "hand_over_reply"; readonly reply: HandOverReply }
  | { readonly type: "hand_over_withdrawn" }
  | { readonly type: "carried_over"; readonly receivedBelow: bigint }
  | { readonly type: "card"; readonly kind: CardKind; readonly title: string; readonly body: string }
  /** The fragment of a one-time link, as in an address behind `#`. Session sees to it that it is the service's. */
  | { readonly type: "return_link"; readonly linkText: string }
  | { readonly type: "end_proposal" }
  | { readonly type: "end_declined" }
  | ({ readonly type: "survey" } & Survey)
  | ({ readonly type: "file_offer" } & FileOffer)
  | { readonly type: "file_reply"; readonly file: number; readonly reply: FileReply }
  | { readonly type: "file_withdrawn"; readonly file: number };

/** Not named `Record`: TypeScript has a type of that name. */
export type ConsultationRecord =
  | SpokenRecord
  | { readonly type: "fresh_opening"; readonly message: Bytes }
  | { readonly type: "fresh_answer"; readonly message: Bytes }
  | { readonly type: "file_part"; readonly file: number; readonly data: Bytes };

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
    case RECORD_TYPE.card:
      return cardOf(body);
    case RECORD_TYPE.return_link:
      return { type: "return_link", linkText: linkTextOf(body) };
    case RECORD_TYPE.end_proposal:
      assertReason(body);
      return { type: "end_proposal" };
    case RECORD_TYPE.end_declined:
      assertReason(body);
      return { type: "end_declined" };
    case RECORD_TYPE.survey:
      return surveyOf(fields(body, 2));
    case RECORD_TYPE.file_offer:
      return fileOfferOf(fields(body, FILE_OFFER_SIZE));
    case RECORD_TYPE.file_reply: {
      const reader = fields(body, FILE_NUMBER_SIZE + 1);
      const file = reader.uint16();
      const reply = FILE_REPLIES[reader.uint8() - 1];
      if (reply === undefined) throw new RecordError("malformed");
      return { type: "file_reply", file, reply };
    }
    case RECORD_TYPE.file_part: {
      const data = body.slice(FILE_NUMBER_SIZE);
      if (data.length === 0 || data.length > FILE_PART_BYTES) throw new RecordError("malformed");
      return { type: "file_part", file: new Reader(body).uint16(), data };
    }
    case RECORD_TYPE.file_withdrawn:
      return { type: "file_withdrawn", file: fields(body, FILE_NUMBER_SIZE).uint16() };
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
    case "end_proposal":
    case "end_declined":
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
    case "card":
      return encodeCard(record.kind, record.title, record.body);
    case "return_link":
      return fromBase64url(record.linkText);
    case "survey":
      return Uint8Array.of(
        FIRST_QUESTION + SURVEY_QUESTIONS.indexOf(record.question),
        SURVEY_ANSWERS.indexOf(record.answer) + 1,
      );
    case "file_offer":
      if (!isFileSize(record.kind, record.size)) throw new RecordError("too_long");
      return concat(uint16(record.file), uint8(FILE_KINDS.indexOf(record.kind) + 1), uint32(record.size));
    case "file_reply":
      return concat(uint16(record.file), uint8(FILE_REPLIES.indexOf(record.reply) + 1));
    case "file_part":
      return concat(uint16(record.file), record.data);
    case "file_withdrawn":
      return uint16(record.file);
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
  return decoded(body);
}

/** `kind 1 ‖ title_length 2 ‖ title ‖ body`. */
function encodeCard(kind: CardKind, title: string, body: string): Bytes {
  if (!isWellFormed(title) || !isWellFormed(body) || !cardFits(title, body))
    throw new RecordError("malformed");
  const titleBytes = encodeUtf8(title);
  return concat(uint8(CARD_KINDS.indexOf(kind) + 1), uint16(titleBytes.length), titleBytes, encodeUtf8(body));
}

function cardOf(bytes: Bytes): SpokenRecord {
  const head = fields(bytes.subarray(0, CARD_HEAD_SIZE), CARD_HEAD_SIZE);
  const kind = CARD_KINDS[head.uint8() - 1];
  const bodyAt = CARD_HEAD_SIZE + head.uint16();
  if (kind === undefined || bodyAt > bytes.length) throw new RecordError("malformed");
  const title = decoded(bytes.slice(CARD_HEAD_SIZE, bodyAt));
  const body = decoded(bytes.slice(bodyAt));
  if (!cardFits(title, body)) throw new RecordError("malformed");
  return { type: "card", kind, title, body };
}

function linkTextOf(body: Bytes): string {
  try {
    if (linkFromBytes(body).kind === "one_time") return toBase64url(body);
  } catch {
    // What is wrong with it does not matter: a worker's program gives whole links.
  }
  throw new RecordError("malformed");
}

/** `question 1 ‖ answer 1`. */
function surveyOf(reader: Reader): SpokenRecord {
  const question = SURVEY_QUESTIONS[reader.uint8() - FIRST_QUESTION];
  const answer = SURVEY_ANSWERS[reader.uint8() - 1];
  if (question === undefined || answer === undefined) throw new RecordError("malformed");
  return { type: "survey", question, answer };
}

/** `file 2 ‖ kind 1 ‖ size 4`. */
function fileOfferOf(reader: Reader): SpokenRecord {
  const file = reader.uint16();
  const kind = FILE_KINDS[reader.uint8() - 1];
  const size = reader.uint32();
  if (kind === undefined || !isFileSize(kind, size)) throw new RecordError("malformed");
  return { type: "file_offer", file, kind, size };
}

function decoded(bytes: Bytes): string {
  try {
    return decodeUtf8(bytes);
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
