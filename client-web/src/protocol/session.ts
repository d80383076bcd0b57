// The session: records in, cells out, and back, in order and once, over any number of lines. Mirrors
// docs/protocol.md sections 7 (fresh secrets), 9 and 10.

import { Assembly } from "./assembly.ts";
import { type Bytes, concat, equal, wipe } from "./bytes.ts";
import { CELL_SIZE, type CellContent, CellError, RECORD_TYPE_EMPTY, sequenceOf } from "./cell.ts";
import { Conduct, type Side } from "./conduct.ts";
import { SessionError } from "./errors.ts";
import { OutgoingFile } from "./file.ts";
import { FreshSecrets, type Identity } from "./fresh-secrets.ts";
import { Generations } from "./generations.ts";
import type { Random } from "./key-agreement.ts";
import { parseLink } from "./link.ts";
import { Outbox } from "./outbox.ts";
import { needsRoom, type Piece, RecordQueue } from "./queue.ts";
import {
  type ConsultationRecord,
  decodeRecord,
  encodeRecord,
  RECORD_TYPE,
  RecordError,
  type SpokenRecord,
} from "./record.ts";
import { type SafetyPhrase, safetyPhrase } from "./safety.ts";
import type { SessionKeys } from "./session-keys.ts";
import { Window } from "./window.ts";

export { SessionError } from "./errors.ts";

/** Within a record, so many cells are acknowledged together. */
const CELLS_PER_ACKNOWLEDGEMENT = 8;

export interface Opened {
  /** Complete now, in order: one cell can close a gap before several. */
  readonly records: readonly ConsultationRecord[];
  /** Every record of ours up to this number has arrived. Present only when it has changed. */
  readonly delivered?: number;
  /** Only a new cell proves that the peer lives. */
  readonly isNew: boolean;
}

export interface SessionOptions {
  /** The client's; a worker has none. */
  readonly identity?: Identity;
  /** The session began with a hand-over: the client's first record is `carried_over`. */
  readonly isHandedOver?: boolean;
}

/** One end of a consultation. It is over when the peer breaks a rule: the session wipes itself and throws. */
export class Session {
  readonly #generations: Generations;
  readonly #conduct: Conduct;
  readonly #fresh: FreshSecrets | undefined;
  /** The client's. */
  readonly #authority: Uint8Array | undefined;
  /** What the client can compare with the worker; the same as long as this session lives. */
  readonly safetyPhrase: SafetyPhrase;
  #isLive = true;

  readonly #queue = new RecordQueue();
  readonly #outbox = new Outbox();

  readonly #window = new Window();
  readonly #assembly = new Assembly();
  /** Cells under keys that the client does not have yet: `fresh_answer` is still missing before them. */
  readonly #early = new Map<bigint, Bytes>();
  #recordCellsNotTold = 0;
  #isAcknowledgementOwed = false;

  /** Takes the keys over: they are wiped with the session. */
  constructor(side: Side, keys: SessionKeys, { identity, isHandedOver = false }: SessionOptions = {}) {
    this.#generations = new Generations(side, keys);
    this.#conduct = new Conduct(side, isHandedOver);
    this.#fresh = identity && new FreshSecrets(identity);
    this.#authority = identity?.authority;
    this.safetyPhrase = identity ? safetyPhrase(keys, identity.authority) : [];
  }

  /**
   * Returns the record's number, by which `openCell` reports it delivered. A record that cannot be said throws a
   * RecordError or a SessionError and leaves the session as it was.
   */
  say(record: SpokenRecord): number {
    this.#assertLive();
    const encoded = encodeRecord(record);
    if (needsRoom(encoded.recordType) && !this.#queue.hasRoom(encoded.body.length))
      throw new SessionError("full");
    this.#conduct.say(record);
    if (record.type === "close" || record.type === "file_withdrawn") this.#queue.dropFile();
    return this.#queue.say(encoded);
  }

  /**
   * The client: sends a file that the worker has said may come, behind everything else, and at once in either way
   * of cover. Takes the content over. Throws a SessionError when it may not come, or has another length.
   */
  sendFile(file: number, content: Bytes): void {
    this.#assertLive();
    this.#conduct.sendFile(file, content.length);
    this.#queue.sendFile(new OutgoingFile(file, content));
  }

  /** A file is on its way: both ends know it, and nothing waits for slots. */
  get isMovingFile(): boolean {
    return this.#conduct.isMovingFile;
  }

  /** How much of the file has arrived, from 0 to 1. */
  get fileShare(): number {
    return this.#queue.fileShare;
  }

  /** Whether a text of so many bytes can be said now. */
  hasRoom(bytes: number): boolean {
    return this.#queue.hasRoom(bytes);
  }

  /** What is due to be sent, undefined when nothing is. */
  nextCell(): Bytes | undefined {
    return this.repeatedCell() ?? this.#nextNewCell();
  }

  /** What is due to be sent again alone: after `joined` it waits for no slot. */
  repeatedCell(): Bytes | undefined {
    this.#assertLive();
    return this.#outbox.takeDue();
  }

  /** For a slot, which something always fills: undefined only when every cell was acknowledged and none may be sealed. */
  slotCell(): Bytes | undefined {
    return this.nextCell() ?? this.#sealEmpty() ?? this.#outbox.takeLowest();
  }

  /** The first cell after a handshake or `joined`. Undefined when the window is full. */
  emptyCell(): Bytes | undefined {
    this.#assertLive();
    return this.#sealEmpty();
  }

  /** A new line: what is not acknowledged is due again, and fresh secrets are due. */
  rejoined(elapsedMs: number): void {
    this.#assertLive();
    this.#outbox.rejoined();
    this.#fresh?.rejoined(elapsedMs);
  }

  /** The client: starts fresh secrets when they are due. To be called each second, and after `rejoined`. */
  freshen(elapsedMs: number, random: Random): void {
    this.#assertLive();
    if (this.#fresh === undefined || !this.#conduct.mayFreshen) return;
    const { number, exportSecret } = this.#generations;
    const message = this.#fresh.start(elapsedMs, number + 1, exportSecret, random);
    if (message === undefined) return;
    this.#conduct.say({ type: "fresh_opening", message });
    this.#queue.arrange({ recordType: RECORD_TYPE.fresh_opening, body: message });
  }

  /**
   * The worker: answers a `fresh_opening`. `agree` gets the present export and the number of the generation to
   * come, and makes its keys.
   */
  answerFresh(
    agree: (
      exportSecret: Bytes,
      generation: number,
    ) => { readonly message: Bytes; readonly keys: SessionKeys },
  ): void {
    this.#assertLive();
    this.#conduct.say({ type: "fresh_answer", message: new Uint8Array(0) });
    const { message, keys } = agree(this.#generations.exportSecret, this.#generations.number + 1);
    this.#generations.prepare(keys);
    this.#queue.arrange({ recordType: RECORD_TYPE.fresh_answer, body: message });
  }

  /** A SessionError `refused` leaves the session as it was; every other one has ended and wiped it. */
  openCell(cell: Uint8Array, nowSeconds: number): Opened {
    this.#assertLive();
    try {
      const records: ConsultationRecord[] = [];
      const isNew = this.#receive(cell, nowSeconds, records);
      const delivered = this.#queue.deliver(this.#outbox.base);
      return delivered === undefined ? { records, isNew } : { records, isNew, delivered };
    } catch (error) {
      if (!isRefused(error)) this.wipe();
      throw asSessionError(error);
    }
  }

  /** Where the client rejoins. */
  route(): Bytes {
    this.#assertLive();
    return this.routes()[0] ?? new Uint8Array(0);
  }

  /** Where the worker waits, the newest first. */
  routes(): readonly Bytes[] {
    this.#assertLive();
    return this.#generations.routes;
  }

  /** Everything of the peer below this sequence number has arrived and was acted on. */
  get receivedBelow(): bigint {
    return this.#window.next;
  }

  /** Texts of ours that the peer has not acknowledged, in their order. */
  undelivered(): readonly SpokenRecord[] {
    return this.#queue.undelivered();
  }

  /**
   * Nothing is on its way, and nothing that may go waits to. After agreeing to a hand-over that is: the reply has
   * arrived, for words wait for the colleague.
   */
  get isSettled(): boolean {
    return this.#queue.isSettled(this.#conduct.sendable);
  }

  wipe(): void {
    this.#isLive = false;
    this.#generations.wipe();
    this.#fresh?.wipe();
    this.#queue.wipe();
    this.#outbox.wipe();
    this.#window.wipe();
    this.#assembly.wipe();
    this.#early.clear();
  }

  #assertLive(): void {
    if (!this.#isLive) throw new SessionError("ended");
  }

  #nextNewCell(): Bytes | undefined {
    const piece = this.#outbox.mayCarryRecord
      ? this.#queue.take(this.#outbox.next, this.#conduct.sendable)
      : undefined;
    if (piece !== undefined) return this.#sealPiece(piece);
    return this.#isAcknowledgementOwed ? this.#sealEmpty() : undefined;
  }

  #sealPiece(piece: Piece): Bytes {
    this.#countRecordCell(piece.recordType);
    const cell = this.#seal(piece);
    if (piece.recordType === RECORD_TYPE.fresh_answer && !piece.more) this.#generations.sealWithNext();
    return cell;
  }

  #sealEmpty(): Bytes | undefined {
    if (!this.#outbox.mayBeEmpty(this.#window.next)) return undefined;
    return this.#seal({ recordType: RECORD_TYPE_EMPTY, more: false, data: new Uint8Array(0) });
  }

  #seal(piece: Piece): Bytes {
    const { next, selective } = this.#window;
    const content: CellContent = { acknowledged: next, selective, ...piece };
    const cell = this.#generations.seal(this.#outbox.next, content);
    wipe(piece.data);
    this.#isAcknowledgementOwed = false;
    this.#recordCellsNotTold = 0;
    return this.#outbox.add(cell, next);
  }

  /** Returns whether the cell is new. Nothing changes before it has opened. */
  #receive(cell: Uint8Array, nowSeconds: number, records: ConsultationRecord[]): boolean {
    if (cell.length !== CELL_SIZE) throw new SessionError("refused");
    const sequence = sequenceOf(cell);
    if (this.#window.has(sequence)) {
      this.#isAcknowledgementOwed = true;
      return false;
    }
    const content = this.#open(sequence, cell);
    if (content === undefined) return false;
    this.#accept(sequence, content, nowSeconds, records);
    return true;
  }

  /** Undefined for a cell that is kept until keys for it may be there. */
  #open(sequence: bigint, cell: Uint8Array): CellContent | undefined {
    try {
      return this.#generations.open(sequence, cell);
    } catch (error) {
      const isEarly =
        this.#fresh?.isUnderWay && sequence > this.#window.next && this.#window.reaches(sequence);
      if (!isRefused(error) || !isEarly) throw error;
      for (const arrived of this.#early.keys()) if (this.#window.has(arrived)) this.#early.delete(arrived);
      this.#early.set(sequence, concat(cell));
      return undefined;
    }
  }

  #accept(sequence: bigint, content: CellContent, nowSeconds: number, records: ConsultationRecord[]): void {
    if (!this.#window.reaches(sequence)) throw new SessionError("malformed");
    this.#outbox.acknowledge(content.acknowledged, content.selective);
    const isEmpty = content.recordType === RECORD_TYPE_EMPTY;
    if (this.#conduct.isLeaving && !(isEmpty && sequence === this.#window.next && this.#window.isWhole)) {
      // No record is taken any more: not acknowledged, it comes again should the client stay after all.
      wipe(content.data);
      return;
    }
    if (!isEmpty) this.#noteRecordCell(content);
    const ready = this.#window.put(sequence, content);
    this.#generations.arrived(this.#window.next);
    let turn = this.#window.next - BigInt(ready.length);
    for (const each of ready) {
      const record = this.#assemble(each);
      if (record?.type === "fresh_answer") this.#renew(record.message, turn, nowSeconds);
      else if (record !== undefined) records.push(record);
      turn += 1n;
    }
    if (this.#early.size > 0 && !this.#fresh?.isUnderWay) this.#acceptEarly(nowSeconds, records);
  }

  /** Counted as cells arrive and not in their turn, or a gap would not be told while it stands. */
  #noteRecordCell({ recordType, more }: CellContent): void {
    this.#countRecordCell(recordType);
    this.#recordCellsNotTold += 1;
    if (!more || this.#recordCellsNotTold >= CELLS_PER_ACKNOWLEDGEMENT) this.#isAcknowledgementOwed = true;
  }

  /** A file would otherwise have new keys agreed for every four of its parts. */
  #countRecordCell(recordType: number): void {
    if (recordType !== RECORD_TYPE.file_part) this.#fresh?.countRecordCell();
  }

  /** Returns a record that is complete now and may be heard. */
  #assemble(content: CellContent): ConsultationRecord | undefined {
    const encoded = this.#assembly.add(content);
    if (encoded === undefined) return undefined;
    const record = decodeRecord(encoded);
    wipe(encoded.body);
    if (record.type === "return_link" && !this.#isOfService(record.linkText))
      throw new SessionError("malformed");
    if (record.type === "fresh_opening" && this.#generations.isChanging) throw new SessionError("malformed");
    const isHeard = this.#conduct.hear(record);
    if (isHeard && record.type === "file_reply" && record.reply !== "send") this.#queue.dropFile();
    return isHeard ? record : undefined;
  }

  /** A worker has no say: it is never given a link. */
  #isOfService(linkText: string): boolean {
    return this.#authority !== undefined && equal(parseLink(linkText).authority, this.#authority);
  }

  /** The client: takes up the keys of an answer whose last cell has this number. */
  #renew(answer: Bytes, lastSequence: bigint, nowSeconds: number): void {
    if (this.#fresh === undefined) throw new SessionError("malformed");
    this.#generations.advance(this.#fresh.finish(answer, nowSeconds), lastSequence);
  }

  /** What does not open with the new keys either was of nobody. */
  #acceptEarly(nowSeconds: number, records: ConsultationRecord[]): void {
    const early = [...this.#early.values()];
    this.#early.clear();
    for (const cell of early) {
      try {
        this.#receive(cell, nowSeconds, records);
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    }
  }
}

function isRefused(error: unknown): boolean {
  return (error instanceof SessionError || error instanceof CellError) && error.code === "refused";
}

function asSessionError(error: unknown): unknown {
  if (error instanceof CellError) return new SessionError(error.code);
  if (error instanceof RecordError) return new SessionError("malformed");
  return error;
}
