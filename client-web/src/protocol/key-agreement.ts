// One handshake, the client's side: fresh keys with whoever holds the shift key of a certificate. The first
// handshake, fresh secrets and a hand-over differ only in prologue, psk and payload. Mirrors docs/protocol.md
// section 7.

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, equal, isZero, wipe } from "./bytes.ts";
import { CERTIFICATE_SIZE, CertificateError, openCertificate, type ShiftCertificate } from "./certificate.ts";
import { ProtocolError } from "./errors.ts";
import { hash } from "./hash.ts";
import { labelled } from "./labels.ts";
import { KEY_SIZE, NoiseHandshake } from "./noise.ts";
import { deriveSessionKeys, type SessionKeys } from "./session-keys.ts";

export const NOISE_PATTERN = "NXpsk0+psk2";
export const KEM_CIPHERTEXT_SIZE = 1088;
const KEM_SEED_SIZE = 64;

/** Fills as many bytes as it is asked for, in a page from `crypto.getRandomValues`. */
export type Random = (length: number) => Uint8Array;

export class HandshakeError extends ProtocolError<
  | "answer_refused"
  | "certificate_wrong_authority"
  | "certificate_expired"
  | "certificate_not_yet_valid"
  | "certificate_malformed"
  | "certificate_other_key"
  | "certificate_not_offered"
> {}

export interface Terms {
  readonly prologue: Uint8Array;
  /** Copied: the caller's array is the caller's to wipe. */
  readonly psk: Uint8Array;
  readonly authority: Uint8Array;
}

export interface Agreed {
  readonly keys: SessionKeys;
  readonly certificate: Bytes;
  readonly worker: ShiftCertificate;
}

/** Binds the post-quantum secret together with what it came from. */
export function kemPsk(
  sharedSecret: Uint8Array,
  encapsulationKey: Uint8Array,
  ciphertext: Uint8Array,
): Bytes {
  return hash(labelled("kem", sharedSecret, encapsulationKey, ciphertext));
}

/** Throws a HandshakeError unless the certificate is of this authority and holds now. */
export function verifyCertificate(
  certificate: Uint8Array,
  authority: Uint8Array,
  nowSeconds: number,
): ShiftCertificate {
  try {
    return openCertificate(certificate, authority, nowSeconds);
  } catch (error) {
    const code = error instanceof CertificateError ? error.code : "malformed";
    throw new HandshakeError(`certificate_${code}`);
  }
}

/** Holds one handshake's secrets until the answer comes. Good for one answer, whatever it is. */
export class KeyAgreement {
  /** The first Noise message, with `encapsulation key ‖ payloadEnd` inside. */
  readonly message: Bytes;
  readonly #authority: Bytes;
  readonly #noise: NoiseHandshake;
  readonly #kem: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };
  #isConsumed = false;

  constructor({ prologue, psk, authority }: Terms, payloadEnd: Uint8Array, random: Random) {
    // Golden transcripts fix the order of the draws: the ephemeral key, then ML-KEM's d ‖ z.
    const ephemeral = concat(random(KEY_SIZE));
    const seed = concat(random(KEM_SEED_SIZE));
    this.#authority = concat(authority);
    this.#kem = ml_kem768.keygen(seed);
    this.#noise = new NoiseHandshake({
      pattern: NOISE_PATTERN,
      role: "initiator",
      prologue,
      psks: [psk],
      ephemeral,
    });
    this.message = this.#noise.writeMessage(concat(this.#kem.publicKey, payloadEnd));
    wipe(ephemeral, seed);
  }

  /** Takes `ciphertext ‖ Noise message`. Throws a HandshakeError, and is of no more use either way. */
  finish(answer: Uint8Array, nowSeconds: number): Agreed {
    if (this.#isConsumed) throw new Error("this handshake was finished already");
    try {
      const certificate = this.#readAnswer(answer);
      const worker = this.#verify(certificate, nowSeconds);
      return { keys: deriveSessionKeys(this.#noise.split()), certificate, worker };
    } finally {
      this.wipe();
    }
  }

  wipe(): void {
    this.#isConsumed = true;
    this.#noise.wipe();
    wipe(this.#kem.secretKey);
  }

  /** Returns the bytes of the worker's certificate. */
  #readAnswer(answer: Uint8Array): Bytes {
    let payload: Bytes;
    try {
      const ciphertext = answer.subarray(0, KEM_CIPHERTEXT_SIZE);
      const sharedSecret = ml_kem768.decapsulate(ciphertext, this.#kem.secretKey);
      const psk = kemPsk(sharedSecret, this.#kem.publicKey, ciphertext);
      this.#noise.addPsk(psk);
      wipe(sharedSecret, psk);
      payload = this.#noise.readMessage(answer.subarray(KEM_CIPHERTEXT_SIZE));
    } catch {
      // One answer for every cause: an altered ciphertext decapsulates to a secret that opens nothing.
      throw new HandshakeError("answer_refused");
    }
    if (!isZero(payload.subarray(CERTIFICATE_SIZE))) throw new HandshakeError("answer_refused");
    return payload.slice(0, CERTIFICATE_SIZE);
  }

  #verify(certificate: Bytes, nowSeconds: number): ShiftCertificate {
    const worker = verifyCertificate(certificate, this.#authority, nowSeconds);
    const remoteStatic = this.#noise.remoteStatic;
    if (remoteStatic === undefined || !equal(worker.shiftPublic, remoteStatic)) {
      throw new HandshakeError("certificate_other_key");
    }
    return worker;
  }
}
