// For tests alone: a whole service in memory, which issues links and certificates and answers openings, so that
// the client's half has somebody to talk to. Mirrors docs/protocol.md sections 2, 3, 4 and 7. The Rust crate is
// the reference; nothing that ships imports this.

import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, encodeUtf8, Reader, toBase64url, uint8, uint16, uint32 } from "./bytes.ts";
import { HANDSHAKE_SIZE, handshakeFromCells, handshakeToCells } from "./cell.ts";
import { KEM_CIPHERTEXT_SIZE, kemPsk, NOISE_PATTERN, prologueOf, type Random } from "./handshake.ts";
import { hash, hkdf } from "./hash.ts";
import { label, labelled } from "./labels.ts";
import { EPOCH_SPACING_SECONDS, KIND_ONE_TIME, type Link, linkChecksum, linkHead } from "./link.ts";
import { NoiseHandshake } from "./noise.ts";
import { deriveSessionKeys, Session, type SessionKeys } from "./session.ts";

export const ORIGIN = "https://help.example";
export const EPOCH = 5949;
/** An hour into the epoch. */
export const NOW = EPOCH * EPOCH_SPACING_SECONDS + 3600;

/** Different bytes for every seed, the same on every run. */
export function pseudoRandom(seed: string): Random {
  let draws = 0;
  return (length) => hkdf(encodeUtf8(seed), uint16(draws++), new Uint8Array(0), length);
}

const secret = (name: string): Bytes => hash(encodeUtf8(name));
const authorityKey = secret("authority");
const epochSecret = hkdf(new Uint8Array(0), secret("root"), concat(label("epoch secret"), uint16(EPOCH)));
const issuingKey = hkdf(new Uint8Array(0), secret("root"), concat(label("issuing key"), uint16(EPOCH)));

export const AUTHORITY: Bytes = ed25519.getPublicKey(authorityKey);
export const SHIFT_KEY: Bytes = secret("shift");

interface LinkChanges {
  readonly kind?: number;
  readonly expiry?: number;
  readonly channel?: number;
}

/** The link's 153 bytes. Issuing is honest about everything but what the changes ask for. */
export function issueLink(changes: LinkChanges = {}): Bytes {
  const { kind = KIND_ONE_TIME, expiry = 10_080, channel = 1 } = changes;
  const head = linkHead({ kind, epoch: EPOCH, expiry, linkId: secret("link").slice(0, 16) });
  const psk = linkPsk(head);
  const signature = ed25519.sign(labelled("token", head), issuingKey);
  const body = concat(head, uint8(channel), psk, AUTHORITY, signature);
  return concat(body, linkChecksum(body));
}

export function linkPsk(head: Uint8Array, secretOfEpoch: Uint8Array = epochSecret): Bytes {
  return hkdf(new Uint8Array(0), secretOfEpoch, concat(label("link psk"), head));
}

export function issueLinkText(changes: LinkChanges = {}): string {
  return toBase64url(issueLink(changes));
}

export interface CertificateFields {
  readonly version: number;
  readonly shiftPublic: Uint8Array;
  readonly validFrom: number;
  readonly validTo: number;
  readonly role: number;
  readonly languages: number;
  readonly aliasLength: number;
  readonly alias: Uint8Array;
}

export function issueCertificate(changes: Partial<CertificateFields> = {}): Bytes {
  const alias = changes.alias ?? encodeUtf8("Mira");
  const signed = concat(
    uint8(changes.version ?? 1),
    changes.shiftPublic ?? x25519.getPublicKey(SHIFT_KEY),
    uint32(changes.validFrom ?? NOW - 3600),
    uint32(changes.validTo ?? NOW + 3600),
    uint8(changes.role ?? 1),
    uint8(changes.languages ?? 0b0011),
    uint8(changes.aliasLength ?? alias.length),
    alias,
    new Uint8Array(24 - alias.length),
  );
  return concat(signed, ed25519.sign(labelled("shift certificate", signed), authorityKey));
}

export function signCard(json: Uint8Array): Bytes {
  return concat(ed25519.sign(labelled("service card", json), authorityKey), json);
}

export interface Answer {
  readonly answer: Bytes;
  readonly session: Session;
  /** The session's own: wiped with it. */
  readonly keys: SessionKeys;
  readonly triage: { readonly language: number; readonly subject: number; readonly channel: number };
}

export interface AnswerChanges {
  readonly psk?: Uint8Array;
  readonly shiftKey?: Uint8Array;
  readonly certificate?: Uint8Array;
  readonly padding?: Uint8Array;
  readonly origin?: string;
}

/** The worker's side. The psk is derived anew, for the client has wiped the link's. */
export function answerOpening(
  link: Link,
  opening: Uint8Array,
  random: Random,
  changes: AnswerChanges = {},
): Answer {
  const noise = new NoiseHandshake({
    pattern: NOISE_PATTERN,
    role: "responder",
    prologue: prologueOf(link, changes.origin ?? ORIGIN),
    psks: [changes.psk ?? linkPsk(linkHead(link))],
    ephemeral: random(32),
    staticKey: changes.shiftKey ?? SHIFT_KEY,
  });
  const payload = new Reader(noise.readMessage(handshakeFromCells(opening)));
  const encapsulationKey = payload.take(1184);
  const triage = { language: payload.uint8(), subject: payload.uint8(), channel: payload.uint8() };

  const { cipherText, sharedSecret } = ml_kem768.encapsulate(encapsulationKey, random(32));
  noise.addPsk(kemPsk(sharedSecret, encapsulationKey, cipherText));
  const certificate = changes.certificate ?? issueCertificate();
  const padding =
    changes.padding ?? new Uint8Array(HANDSHAKE_SIZE - KEM_CIPHERTEXT_SIZE - 96 - certificate.length);
  const message = noise.writeMessage(concat(certificate, padding));
  const answer = handshakeToCells(concat(cipherText, message));
  const keys = deriveSessionKeys(noise.split());
  return { answer, session: new Session("worker", keys), keys, triage };
}

/** Every way to flip one bit in one byte, the bit taken in turn. */
export function* damaged(bytes: Uint8Array): Generator<{ at: number; bytes: Bytes }> {
  for (let at = 0; at < bytes.length; at += 1) {
    const copy = concat(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    yield { at, bytes: copy };
  }
}
