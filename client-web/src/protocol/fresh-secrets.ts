// Fresh secrets, the client's side: a new handshake inside the consultation, so that keys taken from a device
// later open little of it. Mirrors docs/protocol.md section 7 ("fresh secrets").

import { type Bytes, concat, uint32, wipe } from "./bytes.ts";
import type { ShiftCertificate } from "./certificate.ts";
import { SessionError } from "./errors.ts";
import { hkdf } from "./hash.ts";
import { KeyAgreement, type Random } from "./key-agreement.ts";
import { label, labelled } from "./labels.ts";
import { type SessionKeys, wipeKeys } from "./session-keys.ts";

const GENERATION_MAX_MS = 600_000;
const GENERATION_RECORD_CELLS_MAX = 64;

/** Who the client talks with: nobody else may come by fresh secrets. */
export interface Identity {
  readonly authority: Uint8Array;
  readonly worker: ShiftCertificate;
}

export function freshPrologue(generation: number, authority: Uint8Array): Bytes {
  return labelled("fresh secrets", uint32(generation), authority);
}

export function freshPsk(exportSecret: Uint8Array): Bytes {
  return hkdf(new Uint8Array(0), exportSecret, label("fresh psk"));
}

export class FreshSecrets {
  readonly #identity: Identity;
  #agreement: KeyAgreement | undefined;
  #recordCells = 0;
  /** Not known before the clock was seen under the present keys. */
  #oldAtMs: number | undefined;
  #rejoinedAtMs: number | undefined;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  get isUnderWay(): boolean {
    return this.#agreement !== undefined;
  }

  /** A cell that carries a record was sealed or received. */
  countRecordCell(): void {
    this.#recordCells += 1;
  }

  rejoined(elapsedMs: number): void {
    this.#rejoinedAtMs = elapsedMs;
  }

  /** While none is under way: returns the message that begins the handshake to this generation, when it is due. */
  start(elapsedMs: number, generation: number, exportSecret: Bytes, random: Random): Bytes | undefined {
    this.#oldAtMs ??= elapsedMs + GENERATION_MAX_MS;
    const isOld = elapsedMs >= this.#oldAtMs || this.#recordCells >= GENERATION_RECORD_CELLS_MAX;
    const isDue = isOld || (this.#rejoinedAtMs !== undefined && elapsedMs >= this.#rejoinedAtMs);
    if (!isDue) return undefined;
    this.#rejoinedAtMs = undefined;
    const { authority } = this.#identity;
    const psk = freshPsk(exportSecret);
    const terms = { prologue: freshPrologue(generation, authority), psk, authority };
    this.#agreement = new KeyAgreement(terms, new Uint8Array(0), random);
    wipe(psk);
    return concat(this.#agreement.message);
  }

  /** Throws a SessionError unless the same worker answered, and proved it. */
  finish(answer: Bytes, nowSeconds: number): SessionKeys {
    const { keys, worker } = this.#agree(answer, nowSeconds);
    const before = this.#identity.worker;
    if (worker.alias !== before.alias || worker.role !== before.role) {
      wipeKeys(keys);
      throw new SessionError("answer_refused");
    }
    this.#recordCells = 0;
    this.#oldAtMs = undefined;
    return keys;
  }

  wipe(): void {
    this.#agreement?.wipe();
    this.#agreement = undefined;
  }

  #agree(answer: Bytes, nowSeconds: number): { keys: SessionKeys; worker: ShiftCertificate } {
    try {
      if (this.#agreement === undefined) throw new Error("nothing was asked");
      return this.#agreement.finish(answer, nowSeconds);
    } catch {
      // Whatever it was, the worker's end did not prove who it is.
      throw new SessionError("answer_refused");
    } finally {
      this.#agreement = undefined;
    }
  }
}
