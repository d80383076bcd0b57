// The only place on the page where what people write meets the keys: one session with one worker, the person's
// words that have not arrived, and the pace at which cells leave.

import { type Bytes, wipe } from "../protocol/bytes.ts";
import type { Random } from "../protocol/handshake.ts";
import { type Cover, Pacer } from "../protocol/pacer.ts";
import {
  type ConsultationRecord,
  type HandOverReply,
  type Survey,
  TEXT_MAX_BYTES,
} from "../protocol/record.ts";
import type { Session } from "../protocol/session.ts";
import type { FileUnderWay, Sendable } from "./file.ts";

/** A little less than a session takes, so that there is room for all of it beside what a hand-over adds. */
const WORDS_MAX = 60;
const SPARE_BYTES = 1_000;
const OFFER_BYTES = 7;

export interface Heard {
  readonly records: readonly ConsultationRecord[];
  /** Messages of ours that have now arrived. */
  readonly deliveredIds: readonly number[];
  /** The worker's end has made this cell since the last one. */
  readonly isNew: boolean;
}

interface Words {
  readonly id: number;
  readonly text: string;
  readonly record: number;
}

export class Conversation {
  readonly #session: Session;
  readonly #pacer: Pacer;
  /** All that have not arrived, in order. */
  #words: readonly Words[] = [];
  /** All of them: who goes on with the person counts them. */
  #answers: readonly Survey[] = [];
  #file: FileUnderWay | undefined;
  /** Of this session. */
  #filesOffered = 0;
  #closeRecord: number | undefined;
  #delivered = 0;

  constructor(session: Session, cover: Cover) {
    this.#session = session;
    this.#pacer = new Pacer(cover);
  }

  get route(): Bytes {
    return this.#session.route();
  }

  /** Whether the longest text would be taken. */
  get hasRoom(): boolean {
    return this.#words.length < WORDS_MAX && this.#session.hasRoom(TEXT_MAX_BYTES + SPARE_BYTES);
  }

  /** The worker has all that it is to have; after agreeing to a hand-over that is the answer, not the words. */
  get isSettled(): boolean {
    return this.#session.isSettled;
  }

  get isCloseDelivered(): boolean {
    return this.#closeRecord !== undefined && this.#closeRecord <= this.#delivered;
  }

  get wakesAt(): number {
    return this.#pacer.wakesAt;
  }

  setCover(cover: Cover): void {
    this.#pacer.setCover(cover);
  }

  /** `deliveredIds` will name this id. */
  say(id: number, text: string): void {
    const record = this.#session.say({ type: "text", text });
    this.#words = [...this.#words, { id, text, record }];
  }

  /** The file goes no further with this worker; to whomever the person talks then, it is offered anew. */
  answer(reply: HandOverReply): void {
    if (reply === "agreed" && this.#file !== undefined)
      this.#session.say({ type: "file_withdrawn", file: this.#file.file });
    this.#session.say({ type: "hand_over_reply", reply });
    if (reply === "did_not_come" && this.#file !== undefined) this.#offer(this.#file);
  }

  get file(): FileUnderWay | undefined {
    return this.#file;
  }

  /** How much of it has arrived, from 0 to 1. */
  get fileShare(): number {
    return this.#session.fileShare;
  }

  get isMovingFile(): boolean {
    return this.#session.isMovingFile;
  }

  /** Says whether it was taken: one at a time, and only if there is room. Takes the content over. */
  offerFile(id: number, { kind, bytes }: Sendable): boolean {
    if (this.#file !== undefined || !this.hasRoom) return false;
    this.#offer({ id, kind, content: bytes });
    return true;
  }

  /** The worker says that it may come. */
  sendFile(): void {
    // The session wipes what it has sent; to another worker all of it may have to go again.
    if (this.#file !== undefined) this.#session.sendFile(this.#file.file, this.#file.content.slice());
  }

  withdrawFile(): void {
    if (this.#file === undefined) return;
    this.#session.say({ type: "file_withdrawn", file: this.#file.file });
    this.forgetFile();
  }

  /** It is with the worker, or will not be. */
  forgetFile(): void {
    if (this.#file !== undefined) wipe(this.#file.content);
    this.#file = undefined;
  }

  /** Says whether it was taken, which takes room as words do. */
  declineEnd(): boolean {
    if (!this.#session.hasRoom(1)) return false;
    this.#session.say({ type: "end_declined" });
    return true;
  }

  /** Says whether it was taken: each question once, and only if there is room. */
  answerSurvey(survey: Survey): boolean {
    const isAnswered = this.#answers.some(({ question }) => question === survey.question);
    if (isAnswered || !this.#session.hasRoom(2)) return false;
    this.#session.say({ type: "survey", ...survey });
    this.#answers = [...this.#answers, survey];
    return true;
  }

  /** After everything that waits. */
  close(): void {
    this.#closeRecord = this.#session.say({ type: "close", reason: "ended" });
    this.#pacer.hurry();
  }

  /** A socket has joined this end and the worker's. */
  resume(elapsed: number, chance: number): void {
    this.#session.rejoined(elapsed);
    this.#pacer.joined(elapsed, chance);
  }

  /** What to send now; the first cell of all proves to the worker that this end is live. Asked after every event, and at `wakesAt`. */
  cells(elapsed: number, chance: number, random: Random): readonly Bytes[] {
    this.#session.freshen(elapsed, random);
    return this.#pacer.cells(this.#session, elapsed, chance);
  }

  /**
   * Throws a SessionError: after `refused` the session is as it was; any other says that the worker's end cannot
   * have sent this, and the session is wiped.
   */
  receive(cell: Uint8Array, nowSeconds: number): Heard {
    const { records, delivered, isNew } = this.#session.openCell(cell, nowSeconds);
    if (records.some(({ type }) => type === "close")) this.#pacer.hurry();
    if (delivered === undefined) return { records, deliveredIds: [], isNew };
    this.#delivered = delivered;
    const arrived = this.#words.filter(({ record }) => record <= delivered);
    this.#words = this.#words.slice(arrived.length);
    return { records, deliveredIds: arrived.map(({ id }) => id), isNew };
  }

  /** Goes on with another worker, to whom all is said again that had not arrived. This session is over. */
  handTo(session: Session, cover: Cover): Conversation {
    const next = new Conversation(session, cover);
    session.say({ type: "carried_over", receivedBelow: this.#session.receivedBelow });
    for (const { id, text } of this.#words) next.say(id, text);
    for (const survey of this.#answers) next.answerSurvey(survey);
    if (this.#file !== undefined) next.#offer(this.#file);
    this.#file = undefined;
    this.wipe();
    return next;
  }

  wipe(): void {
    this.#session.wipe();
    this.#words = [];
    this.#answers = [];
    this.forgetFile();
  }

  #offer({ id, kind, content }: Omit<FileUnderWay, "file">): void {
    this.#file = undefined;
    if (!this.#session.hasRoom(OFFER_BYTES)) {
      wipe(content);
      return;
    }
    this.#filesOffered += 1;
    this.#file = { id, kind, content, file: this.#filesOffered };
    this.#session.say({ type: "file_offer", file: this.#filesOffered, kind, size: content.length });
  }
}
