// What was sent: sealed cells, kept until the peer acknowledges them and sent again byte by byte. Mirrors
// docs/protocol.md section 9 ("sending").

import type { Bytes } from "./bytes.ts";
import { FIRST_SEQUENCE, SEQUENCE_LIMIT } from "./cell.ts";
import { SessionError } from "./errors.ts";

/** Above the lowest unacknowledged cell: up to here any new cell, up to there only one that the peer waits for. */
const AHEAD_CELLS_MAX = 47n;
const AHEAD_WITH_NEWS_CELLS_MAX = 64n;
/** So many sendings later another cell arrived: this one was lost. */
const LOST_AFTER_SENDINGS = 3;

interface SentCell {
  readonly sequence: bigint;
  readonly cell: Bytes;
  /** Counts all sendings of this end; a cell that is sent again gets a new number. */
  sending: number;
  isDue: boolean;
}

export class Outbox {
  #next: bigint;
  #base: bigint;
  #unacknowledged: SentCell[] = [];
  #sendings = 0;
  #newestAcknowledgedSending = 0;
  #highestTold = FIRST_SEQUENCE;

  constructor(first = FIRST_SEQUENCE) {
    this.#next = first;
    this.#base = first;
  }

  /** The number that the next new cell gets. */
  get next(): bigint {
    return this.#next;
  }

  /** All cells below it have arrived at the peer. */
  get base(): bigint {
    return this.#base;
  }

  get mayCarryRecord(): boolean {
    return this.#reaches(AHEAD_CELLS_MAX);
  }

  /** `acknowledged`: what the empty cell would say. News of it may go further, lest two full ends wait for ever. */
  mayBeEmpty(acknowledged: bigint): boolean {
    const isNews = acknowledged > this.#highestTold;
    return this.#reaches(isNews ? AHEAD_WITH_NEWS_CELLS_MAX : AHEAD_CELLS_MAX);
  }

  /** Keeps a cell that was sealed as number `next` and is sent now. */
  add(cell: Bytes, acknowledged: bigint): Bytes {
    this.#unacknowledged.push({ sequence: this.#next, cell, sending: this.#countSending(), isDue: false });
    this.#next += 1n;
    this.#highestTold = acknowledged;
    return cell;
  }

  /** The lowest cell that is to be sent again. */
  takeDue(): Bytes | undefined {
    return this.#send(this.#unacknowledged.find(({ isDue }) => isDue));
  }

  takeLowest(): Bytes | undefined {
    return this.#send(this.#unacknowledged[0]);
  }

  /** On a new line all of them may be lost. */
  rejoined(): void {
    for (const sent of this.#unacknowledged) sent.isDue = true;
  }

  /** Throws on what was never sent. */
  acknowledge(acknowledged: bigint, selective: bigint): void {
    // A set bit at `next - acknowledged - 1` or above would name a cell that was never sealed.
    const isPossible = acknowledged <= this.#next && selective >> this.#bitsPossible(acknowledged) === 0n;
    if (!isPossible) throw new SessionError("malformed");
    if (acknowledged < this.#base) return;
    this.#base = acknowledged;
    const hasArrived = (sequence: bigint): boolean =>
      sequence < acknowledged ||
      (sequence > acknowledged && ((selective >> (sequence - acknowledged - 1n)) & 1n) === 1n);
    for (const { sequence, sending } of this.#unacknowledged) {
      if (hasArrived(sequence)) {
        this.#newestAcknowledgedSending = Math.max(this.#newestAcknowledgedSending, sending);
      }
    }
    this.#unacknowledged = this.#unacknowledged.filter(({ sequence }) => !hasArrived(sequence));
    for (const sent of this.#unacknowledged) {
      if (sent.sending + LOST_AFTER_SENDINGS <= this.#newestAcknowledgedSending) sent.isDue = true;
    }
  }

  wipe(): void {
    this.#unacknowledged = [];
  }

  #bitsPossible(acknowledged: bigint): bigint {
    const bits = this.#next - acknowledged - 1n;
    return bits > 0n ? bits : 0n;
  }

  #reaches(ahead: bigint): boolean {
    return this.#next <= this.#base + ahead && this.#next < SEQUENCE_LIMIT;
  }

  #send(sent: SentCell | undefined): Bytes | undefined {
    if (sent === undefined) return undefined;
    sent.isDue = false;
    sent.sending = this.#countSending();
    return sent.cell;
  }

  #countSending(): number {
    this.#sendings += 1;
    return this.#sendings;
  }
}
