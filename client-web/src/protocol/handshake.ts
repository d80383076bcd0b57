// The handshake, the client's side: a link becomes an opening, an answer becomes a session. Mirrors
// docs/protocol.md sections 7 and 8.

import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, encodeUtf8, equal, isZero, uint8, wipe } from "./bytes.ts";
import { HANDSHAKE_SIZE, handshakeFromCells, handshakeToCells } from "./cell.ts";
import { CERTIFICATE_SIZE, CertificateError, openCertificate, type ShiftCertificate } from "./certificate.ts";
import { ProtocolError } from "./errors.ts";
import { hash } from "./hash.ts";
import { labelled } from "./labels.ts";
import { type Link, linkHead } from "./link.ts";
import { KEY_SIZE, NoiseHandshake } from "./noise.ts";
import { deriveSessionKeys, Session } from "./session.ts";
import { CHANNEL, LANGUAGE, SUBJECT, type Triage } from "./triage.ts";

export const NOISE_PATTERN = "NXpsk0+psk2";
export const KEM_CIPHERTEXT_SIZE = 1088;
const KEM_SEED_SIZE = 64;
/** `e 32` and the tag are the rest of the 2,032 bytes. */
export const OPENING_PAYLOAD_SIZE = 1984;

/** Fills as many bytes as it is asked for, in a page from `crypto.getRandomValues`. */
export type Random = (length: number) => Uint8Array;

export class HandshakeError extends ProtocolError<
  | "answer_refused"
  | "certificate_wrong_authority"
  | "certificate_expired"
  | "certificate_not_yet_valid"
  | "certificate_malformed"
  | "certificate_other_key"
> {}

/** Everything about the link that both ends must mean alike. `origin` is serialised as in RFC 6454, 6.2. */
export function prologueOf(
  link: Pick<Link, "kind" | "epoch" | "expiry" | "linkId" | "authority">,
  origin: string,
): Bytes {
  return labelled("consultation", linkHead(link), hash(encodeUtf8(origin)), link.authority);
}

/** Binds the post-quantum secret together with what it came from. */
export function kemPsk(
  sharedSecret: Uint8Array,
  encapsulationKey: Uint8Array,
  ciphertext: Uint8Array,
): Bytes {
  return hash(labelled("kem", sharedSecret, encapsulationKey, ciphertext));
}

/** Consumes the link: its psk is wiped, and a second start from it throws. */
export function startHandshake(link: Link, origin: string, triage: Triage, random: Random): AwaitingAnswer {
  if (isZero(link.psk)) throw new Error("this link was started already");
  // Golden transcripts fix the order of the draws: the ephemeral key, then ML-KEM's d ‖ z.
  const ephemeral = concat(random(KEY_SIZE));
  const seed = concat(random(KEM_SEED_SIZE));
  const kem = ml_kem768.keygen(seed);
  const noise = new NoiseHandshake({
    pattern: NOISE_PATTERN,
    role: "initiator",
    prologue: prologueOf(link, origin),
    psks: [link.psk],
    ephemeral,
  });
  const message = noise.writeMessage(openingPayload(kem.publicKey, triage));
  wipe(ephemeral, seed, link.psk);
  return new AwaitingAnswer(handshakeToCells(message), link.authority, noise, kem);
}

function openingPayload(encapsulationKey: Uint8Array, { language, subject, channel }: Triage): Bytes {
  const isKnown =
    Object.values(LANGUAGE).includes(language) &&
    Object.values(SUBJECT).includes(subject) &&
    Object.values(CHANNEL).includes(channel);
  if (!isKnown) throw new RangeError("triage has a value that no worker accepts");
  const fields = concat(encapsulationKey, uint8(language), uint8(subject), uint8(channel));
  return concat(fields, new Uint8Array(OPENING_PAYLOAD_SIZE - fields.length));
}

interface KemKeys {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** Holds this handshake's secrets until the answer comes. Good for one answer, whatever it is. */
export class AwaitingAnswer {
  /** Two cells. The same opening may be sent again until there is an answer. */
  readonly opening: Bytes;
  readonly #authority: Bytes;
  readonly #noise: NoiseHandshake;
  readonly #kem: KemKeys;
  #isConsumed = false;

  constructor(opening: Bytes, authority: Bytes, noise: NoiseHandshake, kem: KemKeys) {
    this.opening = opening;
    this.#authority = authority.slice();
    this.#noise = noise;
    this.#kem = kem;
  }

  /** Throws a HandshakeError, after which nothing more may be sent on this link's behalf. */
  finish(answer: Uint8Array, nowSeconds: number): { session: Session; worker: ShiftCertificate } {
    if (this.#isConsumed) throw new Error("this handshake was finished already");
    try {
      const certificate = this.#readAnswer(answer);
      const worker = this.#verify(certificate, nowSeconds);
      return { session: new Session("client", deriveSessionKeys(this.#noise.split())), worker };
    } finally {
      this.wipe();
    }
  }

  /** For a person who leaves before the answer comes. */
  wipe(): void {
    this.#isConsumed = true;
    this.#noise.wipe();
    wipe(this.#kem.secretKey);
  }

  /** Returns the bytes of the worker's certificate. */
  #readAnswer(answer: Uint8Array): Bytes {
    let payload: Bytes;
    try {
      const message = handshakeFromCells(answer);
      const ciphertext = message.subarray(0, KEM_CIPHERTEXT_SIZE);
      const sharedSecret = ml_kem768.decapsulate(ciphertext, this.#kem.secretKey);
      const psk = kemPsk(sharedSecret, this.#kem.publicKey, ciphertext);
      this.#noise.addPsk(psk);
      wipe(sharedSecret, psk);
      payload = this.#noise.readMessage(message.subarray(KEM_CIPHERTEXT_SIZE, HANDSHAKE_SIZE));
    } catch {
      // One answer for every cause: an altered ciphertext decapsulates to a secret that opens nothing.
      throw new HandshakeError("answer_refused");
    }
    if (!isZero(payload.subarray(CERTIFICATE_SIZE))) throw new HandshakeError("answer_refused");
    return payload.slice(0, CERTIFICATE_SIZE);
  }

  #verify(certificate: Bytes, nowSeconds: number): ShiftCertificate {
    let worker: ShiftCertificate;
    try {
      worker = openCertificate(certificate, this.#authority, nowSeconds);
    } catch (error) {
      const code = error instanceof CertificateError ? error.code : "malformed";
      throw new HandshakeError(`certificate_${code}`);
    }
    const remoteStatic = this.#noise.remoteStatic;
    if (remoteStatic === undefined || !equal(worker.shiftPublic, remoteStatic)) {
      throw new HandshakeError("certificate_other_key");
    }
    return worker;
  }
}
