// The only place on the page where what people write meets the keys.

import type { Bytes } from "../protocol/bytes.ts";
import type { Session } from "../protocol/session.ts";

export interface Heard {
  readonly text: string | undefined;
  /** Messages of ours that have now arrived. */
  readonly deliveredIds: readonly number[];
  /** The advisor has ended the consultation. */
  readonly isClosed: boolean;
  /** The advisor has our `close`. */
  readonly isCloseDelivered: boolean;
}

export class Conversation {
  readonly #session: Session;
  readonly #sendCell: (cell: Bytes) => void;
  #nextId = 1;
  #underway: { readonly id: number; readonly lastSequence: bigint }[] = [];
  #closeSequence: bigint | undefined;

  /** The first cell proves to the worker that this end is live. */
  constructor(session: Session, sendCell: (cell: Bytes) => void) {
    this.#session = session;
    this.#sendCell = sendCell;
    sendCell(session.sealEmpty());
  }

  /** Returns the message's id, by which `receive` reports it delivered. */
  say(text: string): number {
    const { cells, lastSequence } = this.#session.sealRecord({ type: "text", text });
    for (const cell of cells) this.#sendCell(cell);
    const id = this.takeId();
    this.#underway.push({ id, lastSequence });
    return id;
  }

  close(): void {
    const { cells, lastSequence } = this.#session.sealRecord({ type: "close", reason: "ended" });
    for (const cell of cells) this.#sendCell(cell);
    this.#closeSequence = lastSequence;
  }

  /** Throws on anything that the advisor's end cannot have sent; the session is wiped then. */
  receive(cell: Uint8Array): Heard {
    const { record, acknowledged, needsAcknowledgement } = this.#session.openCell(cell);
    if (needsAcknowledgement) this.#sendCell(this.#session.sealEmpty());
    const delivered = this.#underway.filter(({ lastSequence }) => lastSequence < acknowledged);
    this.#underway = this.#underway.filter(({ lastSequence }) => lastSequence >= acknowledged);
    return {
      text: record?.type === "text" ? record.text : undefined,
      deliveredIds: delivered.map(({ id }) => id),
      isClosed: record?.type === "close",
      isCloseDelivered: this.#closeSequence !== undefined && this.#closeSequence < acknowledged,
    };
  }

  takeId(): number {
    const id = this.#nextId;
    this.#nextId += 1;
    return id;
  }

  wipe(): void {
    this.#session.wipe();
    this.#underway = [];
  }
}
