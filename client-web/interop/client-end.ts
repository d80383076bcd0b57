// The client's end: the page's own conversation, with its session and pacer.

import { Conversation } from "../src/client/conversation.ts";
import type { Bytes } from "../src/protocol/bytes.ts";
import { SessionError } from "../src/protocol/errors.ts";
import { type HandOver, startHandOver } from "../src/protocol/handshake.ts";
import type { ConsultationRecord } from "../src/protocol/record.ts";
import type { Session } from "../src/protocol/session.ts";
import type { Triage } from "../src/protocol/triage.ts";
import type { End, Happening, Outcome, Turn } from "./end.ts";
import type { Random } from "./random.ts";
import type { RustWorker } from "./rust-worker.ts";

/** What a turn has brought so far. */
interface Brought {
  readonly texts: string[];
  isNew: boolean;
  refused: number;
  isFull: boolean;
}

export class ClientEnd implements End {
  /** By the clock of both ends, when the course began. */
  readonly #startSeconds: number;
  readonly #random: Random;
  #conversation: Conversation;
  #said = 0;
  #delivered = 0;
  #offer: HandOver | undefined;

  constructor(session: Session, startSeconds: number, random: Random) {
    this.#conversation = new Conversation(session, "steady");
    this.#startSeconds = startSeconds;
    this.#random = random;
  }

  turn({ at, isJoined, happenings }: Turn): Promise<Outcome> {
    const brought: Brought = { texts: [], isNew: false, refused: 0, isFull: false };
    for (const happening of happenings) this.#live(happening, at, brought);
    const { bytes } = this.#random;
    const cells = isJoined ? this.#conversation.cells(at / 1000, this.#random.chance(), bytes) : [];
    return Promise.resolve({
      ...brought,
      cells,
      said: this.#said,
      delivered: this.#delivered,
      // Never the moment before, which a rounded number could be.
      wakesAt: Math.floor(this.#conversation.wakesAt * 1000) + 1,
      routes: [this.#conversation.route],
    });
  }

  /** After its last words. */
  close(): void {
    this.#conversation.close();
  }

  get isSettled(): boolean {
    return this.#conversation.isSettled;
  }

  /** It was offered to another worker, and has agreed. */
  get isLeaving(): boolean {
    return this.#offer !== undefined;
  }

  /** Goes over to the worker whom it agreed to. */
  async goOver(at: number, authority: Bytes, triage: Triage, colleague: RustWorker): Promise<void> {
    if (this.#offer === undefined) throw new Error("nobody was offered");
    const now = this.#secondsAt(at);
    const awaiting = startHandOver(this.#offer, authority, triage, now, this.#random.bytes);
    const session = await colleague.shakeHands(awaiting, now);
    this.#conversation = this.#conversation.handTo(session, "steady");
    this.#offer = undefined;
  }

  #live(happening: Happening, at: number, brought: Brought): void {
    switch (happening.type) {
      case "join":
        this.#conversation.resume(at / 1000, this.#random.chance());
        return;
      case "take":
        this.#take(happening.cell, at, brought);
        return;
      case "say":
        if (!brought.isFull) brought.isFull = !this.#hasSaid(happening.text);
        return;
      case "cover":
        this.#conversation.setCover(happening.cover);
    }
  }

  #take(cell: Bytes, at: number, brought: Brought): void {
    try {
      const { records, deliveredIds, isNew } = this.#conversation.receive(cell, this.#secondsAt(at));
      brought.isNew ||= isNew;
      this.#delivered = deliveredIds.at(-1) ?? this.#delivered;
      for (const record of records) this.#hear(record, brought);
    } catch (error) {
      if (!(error instanceof SessionError) || error.code !== "refused") throw error;
      brought.refused += 1;
    }
  }

  #hear(record: ConsultationRecord, brought: Brought): void {
    if (record.type === "text") brought.texts.push(record.text);
    else if (record.type === "hand_over") {
      this.#offer = record;
      this.#conversation.answer("agreed");
    } else throw new Error(`no worker says ${record.type} here`);
  }

  #hasSaid(text: string): boolean {
    if (!this.#conversation.hasRoom) return false;
    this.#said += 1;
    this.#conversation.say(this.#said, text);
    return true;
  }

  #secondsAt(at: number): number {
    return this.#startSeconds + Math.floor(at / 1_000_000);
  }
}
