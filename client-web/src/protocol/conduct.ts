// Which record may be said by whom, and when. Mirrors docs/protocol.md section 10.

import { SessionError } from "./errors.ts";
import { type FileRecord, Files, type Verdict } from "./files.ts";
import type { ConsultationRecord, HandOverReply } from "./record.ts";

export type Side = "client" | "worker";

const SPEAKER = {
  text: "both",
  close: "both",
  fresh_opening: "client",
  fresh_answer: "worker",
  hand_over: "worker",
  hand_over_reply: "client",
  hand_over_withdrawn: "worker",
  carried_over: "client",
  card: "worker",
  return_link: "worker",
  end_proposal: "worker",
  end_declined: "client",
  survey: "client",
  file_offer: "client",
  file_reply: "worker",
  file_part: "client",
  file_withdrawn: "client",
} as const;

/** What may be begun now; a record in progress goes on always. `reply`: to a hand-over, and no more here. */
export type Sendable = "everything" | "reply" | "nothing";

export class Conduct {
  readonly #side: Side;
  readonly #files = new Files();
  #isCarriedOverDue: boolean;
  #isFreshAnswerDue = false;
  #handOver: "none" | "open" | "agreed" | "withdrawn" = "none";
  #isEndProposed = false;
  #isCloseSaid = false;
  #isCloseHeard = false;

  /** `isHandedOver`: the session began with a hand-over, so the client's first record is `carried_over`. */
  constructor(side: Side, isHandedOver: boolean) {
    this.#side = side;
    this.#isCarriedOverDue = isHandedOver;
  }

  /** The client has agreed to a hand-over: it takes no record of this worker any more. */
  get isLeaving(): boolean {
    return this.#side === "client" && this.#handOver === "agreed";
  }

  get mayFreshen(): boolean {
    const isOpen = !this.#isCloseSaid && this.sendable === "everything";
    return isOpen && !this.#isFreshAnswerDue && !this.#isCarriedOverDue;
  }

  get isMovingFile(): boolean {
    return this.#files.isMoving && !this.#isCloseSaid && !this.#isCloseHeard;
  }

  /** Throws a SessionError unless this file may be sent now. */
  sendFile(file: number, size: number): void {
    if (this.#isCloseSaid || this.#isCloseHeard || this.#side !== "client")
      throw new SessionError("out_of_turn");
    this.#files.send(file, size);
  }

  get sendable(): Sendable {
    if (this.#isCloseHeard) return "nothing";
    return this.isLeaving ? "reply" : "everything";
  }

  /** Throws a SessionError when this end may not say it, or not now. */
  say(record: ConsultationRecord): void {
    if (this.#isCloseSaid || this.#isCloseHeard) throw new SessionError("closed");
    if (!isFrom(this.#side, record) || this.#step(this.#side, record) !== "taken")
      throw new SessionError("out_of_turn");
    if (record.type === "close") this.#isCloseSaid = true;
  }

  /** Throws a SessionError when the peer may not say it, or not now. False: it crossed what made it void. */
  hear(record: ConsultationRecord): boolean {
    // After our own `close` records may still come: the peer said them before it had read it.
    const speaker = this.#side === "client" ? "worker" : "client";
    if (this.#isCloseHeard || !isFrom(speaker, record)) throw new SessionError("malformed");
    if (record.type === "hand_over_withdrawn" && this.#handOver === "none") return false;
    if (record.type === "hand_over_reply" && this.#handOver === "withdrawn") return false;
    if (record.type === "end_proposal" && this.#isEndProposed) return false;
    if (record.type === "end_declined" && !this.#isEndProposed) return false;
    const verdict = this.#step(speaker, record);
    if (verdict === "wrong") throw new SessionError("malformed");
    if (record.type === "close") this.#isCloseHeard = true;
    return verdict === "taken";
  }

  #step(speaker: Side, record: ConsultationRecord): Verdict {
    if (!this.#isInTurn(speaker, record)) return "wrong";
    return isAboutFile(record) ? this.#files.take(record) : "taken";
  }

  /** Takes the step, if it may be taken. */
  #isInTurn(speaker: Side, record: ConsultationRecord): boolean {
    if (speaker === "client") {
      if (this.#isCarriedOverDue !== (record.type === "carried_over")) return false;
      this.#isCarriedOverDue = false;
    }
    switch (record.type) {
      case "fresh_opening":
      case "fresh_answer": {
        const isDue = record.type === "fresh_answer";
        if (this.#isFreshAnswerDue !== isDue) return false;
        this.#isFreshAnswerDue = !isDue;
        return true;
      }
      case "hand_over":
        if (this.#handOver === "open" || this.#handOver === "agreed") return false;
        this.#handOver = "open";
        return true;
      case "hand_over_reply":
        return this.#replies(record.reply);
      case "hand_over_withdrawn":
        if (this.#handOver !== "open" && this.#handOver !== "agreed") return false;
        // A reply may be on its way to the worker that says this, and none is to the client that hears it.
        this.#handOver = this.#side === "worker" ? "withdrawn" : "none";
        return true;
      case "close":
        // Who ends the consultation goes nowhere else.
        this.#handOver = "none";
        return true;
      case "end_proposal":
      case "end_declined": {
        const isProposal = record.type === "end_proposal";
        if (this.#isEndProposed === isProposal) return false;
        this.#isEndProposed = isProposal;
        return true;
      }
      case "text":
      case "card":
      case "return_link":
      case "carried_over":
      case "survey":
      case "file_offer":
      case "file_reply":
      case "file_part":
      case "file_withdrawn":
        return true;
    }
  }

  #replies(reply: HandOverReply): boolean {
    if (this.#handOver !== (reply === "did_not_come" ? "agreed" : "open")) return false;
    this.#handOver = reply === "agreed" ? "agreed" : "none";
    return true;
  }
}

function isAboutFile(record: ConsultationRecord): record is FileRecord {
  return record.type.startsWith("file_");
}

function isFrom(speaker: Side, record: ConsultationRecord): boolean {
  return SPEAKER[record.type] === "both" || SPEAKER[record.type] === speaker;
}
