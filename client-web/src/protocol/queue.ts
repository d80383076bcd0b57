// What waits to be sent: records, until they are delivered. Mirrors docs/protocol.md section 9 ("sending").

import { type Bytes, wipe } from "./bytes.ts";
import { CELL_DATA_MAX } from "./cell.ts";
import type { Sendable } from "./conduct.ts";
import type { OutgoingFile } from "./file.ts";
import { decodeRecord, type EncodedRecord, RECORD_TYPE, type SpokenRecord } from "./record.ts";

export const QUEUE_BYTES_MAX = 131_072;
export const QUEUE_RECORDS_MAX = 64;

const NEEDS_ROOM: readonly number[] = [
  RECORD_TYPE.text,
  RECORD_TYPE.card,
  RECORD_TYPE.return_link,
  RECORD_TYPE.end_proposal,
  RECORD_TYPE.end_declined,
  RECORD_TYPE.survey,
  RECORD_TYPE.file_offer,
];

/** They wait behind what was said before them, though they need no room. */
const WAITS: readonly number[] = [RECORD_TYPE.close, RECORD_TYPE.file_reply, RECORD_TYPE.file_withdrawn];

interface QueuedRecord extends EncodedRecord {
  /** In the order of saying. Records of the session itself and parts of files have none. */
  readonly number: number | undefined;
  sealedBytes: number;
  /** Of its last cell, once that is sealed. */
  lastSequence: bigint | undefined;
}

/** What one cell carries of a record. */
export interface Piece {
  readonly recordType: number;
  readonly more: boolean;
  readonly data: Bytes;
}

export class RecordQueue {
  #records: QueuedRecord[] = [];
  #said = 0;
  #delivered = 0;
  #file: OutgoingFile | undefined;

  /** Whatever is not delivered counts, so that it finds room again in the session after a hand-over. */
  hasRoom(bytes: number): boolean {
    const words = this.#records.filter((record) => !isFilePart(record));
    const held = words.reduce((sum, { body }) => sum + body.length, 0);
    return held + bytes <= QUEUE_BYTES_MAX && words.length < QUEUE_RECORDS_MAX;
  }

  /** Whether there must be room is the caller's to decide. Takes the body over. */
  say(record: EncodedRecord): number {
    this.#said += 1;
    this.#add(record, this.#said);
    return this.#said;
  }

  /** For what the session arranges by itself. */
  arrange(record: EncodedRecord): void {
    this.#add(record, undefined);
  }

  /** It goes whenever there is nothing else. Taken over: wiped with the queue, or when another takes its place. */
  sendFile(file: OutgoingFile): void {
    this.dropFile();
    this.#file = file;
  }

  /** The rest of it does not go. */
  dropFile(): void {
    this.#file?.wipe();
    this.#file = undefined;
  }

  /** How much of the file has arrived, from 0 to 1. */
  get fileShare(): number {
    return this.#file?.arrivedShare ?? 0;
  }

  /** The next piece in order, which goes into the cell of this number. */
  take(sequence: bigint, sendable: Sendable): Piece | undefined {
    const record = this.#turn(sendable);
    if (record === undefined) return undefined;
    const { recordType, body } = record;
    const data = body.slice(record.sealedBytes, record.sealedBytes + CELL_DATA_MAX);
    record.sealedBytes += data.length;
    const more = record.sealedBytes < body.length;
    if (!more) record.lastSequence = sequence;
    return { recordType, more, data };
  }

  /** Cells below have arrived. Returns the number up to which all records are delivered, when it has changed. */
  deliver(below: bigint): number | undefined {
    const isDelivered = ({ lastSequence }: QueuedRecord): boolean =>
      lastSequence !== undefined && lastSequence < below;
    for (const record of this.#records) {
      if (!isDelivered(record)) continue;
      if (isFilePart(record)) this.#file?.partArrived(record.body.length);
      wipe(record.body);
    }
    this.#records = this.#records.filter((record) => !isDelivered(record));
    const waiting = this.#records.flatMap(({ number }) => number ?? []);
    const delivered = Math.min(this.#said, ...waiting.map((number) => number - 1));
    if (delivered === this.#delivered) return undefined;
    this.#delivered = delivered;
    return delivered;
  }

  /** Nothing waits to be sealed that may be. */
  isDrained(sendable: Sendable): boolean {
    return this.#turn(sendable) === undefined;
  }

  /** And nothing is on its way. */
  isSettled(sendable: Sendable): boolean {
    const isUnderWay = this.#records.some(({ lastSequence }) => lastSequence !== undefined);
    return !isUnderWay && this.isDrained(sendable);
  }

  /** Texts that are not delivered, in their order. */
  undelivered(): SpokenRecord[] {
    const texts = this.#records.filter(({ recordType }) => recordType === RECORD_TYPE.text);
    return texts.map(decodeRecord).filter((record) => record.type === "text");
  }

  wipe(): void {
    wipe(...this.#records.map(({ body }) => body));
    this.#records = [];
    this.dropFile();
  }

  #add({ recordType, body }: EncodedRecord, number: number | undefined): void {
    this.#records.push({ recordType, body, number, sealedBytes: 0, lastSequence: undefined });
  }

  /** The record in progress, then what keeps the consultation together, then words in their order. */
  #turn(sendable: Sendable): QueuedRecord | undefined {
    const waiting = this.#records.filter(({ lastSequence }) => lastSequence === undefined);
    const begun = waiting.find(({ sealedBytes }) => sealedBytes > 0);
    if (begun !== undefined || sendable === "nothing") return begun;
    const isReply = ({ recordType }: EncodedRecord): boolean => recordType === RECORD_TYPE.hand_over_reply;
    if (sendable === "reply") return waiting.find(isReply);
    return waiting.find(isUrgent) ?? waiting[0] ?? this.#filePart();
  }

  #filePart(): QueuedRecord | undefined {
    if (this.#file === undefined || this.#file.isCut) return undefined;
    this.#add({ recordType: RECORD_TYPE.file_part, body: this.#file.nextPart() }, undefined);
    return this.#records.at(-1);
  }
}

function isUrgent({ recordType }: EncodedRecord): boolean {
  return !WAITS.includes(recordType) && !needsRoom(recordType);
}

function isFilePart({ recordType }: EncodedRecord): boolean {
  return recordType === RECORD_TYPE.file_part;
}

/** What people say waits its turn, and finds room or is not taken. */
export function needsRoom(recordType: number): boolean {
  return NEEDS_ROOM.includes(recordType);
}
