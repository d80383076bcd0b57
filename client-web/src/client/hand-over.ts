// Another worker whom the present one proposes: who it is, and the way there if the person agrees.

import type { Bytes } from "../protocol/bytes.ts";
import { CELL_SIZE } from "../protocol/cell.ts";
import { openCertificate } from "../protocol/certificate.ts";
import {
  type AwaitingAnswer,
  handOverRoute,
  type HandOver as Proposal,
  type Random,
  startHandOver,
} from "../protocol/handshake.ts";
import type { Session } from "../protocol/session.ts";
import type { Triage } from "../protocol/triage.ts";
import { AnswerCells } from "./answer-cells.ts";
import type { Worker } from "./consultation.ts";

export class HandOver {
  /** Proven to be of the service: may be shown. */
  readonly to: Worker;
  readonly route: Bytes;
  readonly #proposal: Proposal;
  #awaiting: AwaitingAnswer | undefined;
  #answer = new AnswerCells();

  /** Throws when the certificate does not hold. */
  constructor(proposal: Proposal, authority: Uint8Array, nowSeconds: number) {
    const { alias, role } = openCertificate(proposal.certificate, authority, nowSeconds);
    this.to = { alias, role };
    this.route = handOverRoute(proposal.secret);
    this.#proposal = proposal;
  }

  /** The person has agreed, and the first worker was told if that was possible. */
  start(authority: Uint8Array, triage: Triage, nowSeconds: number, random: Random): void {
    this.#awaiting = startHandOver(this.#proposal, authority, triage, nowSeconds, random);
    this.#proposal.secret.fill(0);
  }

  get hasStarted(): boolean {
    return this.#awaiting !== undefined;
  }

  /** What to send on every new socket until there is an answer. */
  opening(): readonly Bytes[] {
    this.#answer = new AnswerCells();
    const opening = this.#awaiting?.opening;
    return opening === undefined ? [] : [opening.slice(0, CELL_SIZE), opening.slice(CELL_SIZE)];
  }

  /** Returns the session with the second cell of the answer. Throws when the colleague proves nothing. */
  take(cell: Uint8Array, nowSeconds: number): Session | undefined {
    const answer = this.#answer.take(cell);
    return answer && this.#awaiting?.finish(answer, nowSeconds).session;
  }

  wipe(): void {
    this.#proposal.secret.fill(0);
    this.#awaiting?.wipe();
  }
}
