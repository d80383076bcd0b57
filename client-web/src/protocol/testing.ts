// For tests alone: a whole service in memory, which issues links and certificates and answers openings, so that
// the client's half has somebody to talk to. Mirrors docs/protocol.md sections 2, 3, 4 and 7. The Rust crate is
// the reference; nothing that ships imports this.

import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Bytes, concat, encodeUtf8, Reader, toBase64url, uint8, uint16, uint32 } from "./bytes.ts";
import { type CellContent, HANDSHAKE_SIZE, handshakeFromCells, handshakeToCells, sealCell } from "./cell.ts";
import { openCertificate } from "./certificate.ts";
import type { Side } from "./conduct.ts";
import { ProtocolError } from "./errors.ts";
import { freshPrologue, freshPsk } from "./fresh-secrets.ts";
import { type HandOver, handOverPrologue, handOverPsk, prologueOf } from "./handshake.ts";
import { hash, hkdf } from "./hash.ts";
import { KEM_CIPHERTEXT_SIZE, kemPsk, NOISE_PATTERN, type Random } from "./key-agreement.ts";
import { label, labelled } from "./labels.ts";
import { EPOCH_SPACING_SECONDS, type Link, linkChecksum, linkHead } from "./link.ts";
import { NoiseHandshake } from "./noise.ts";
import type { ConsultationRecord } from "./record.ts";
import { Session } from "./session.ts";
import { deriveSessionKeys, type SessionKeys } from "./session-keys.ts";

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

const doorSecret = hkdf(new Uint8Array(0), secret("root"), label("door secret"));
const KIND_ONE_TIME = 1;
const KIND_DOOR = 2;

interface LinkChanges {
  /** As a byte: 2 is a door, whose expiry counts hours. */
  readonly kind?: number;
  readonly expiry?: number;
  readonly channel?: number;
  /** Another name is another service's. */
  readonly issuer?: string;
}

/** The link's 153 bytes. Issuing is honest about everything but what the changes ask for. */
export function issueLink(changes: LinkChanges = {}): Bytes {
  const { kind = KIND_ONE_TIME, expiry = 10_080, channel = 1, issuer = "service" } = changes;
  const head = concat(uint8(kind), uint16(EPOCH), uint16(expiry), secret("link").slice(0, 16));
  const isDoor = kind === KIND_DOOR;
  const message = labelled(isDoor ? "door" : "token", head);
  const signature = ed25519.sign(message, isDoor ? authorityKey : issuingKey);
  const authority = issuer === "service" ? AUTHORITY : ed25519.getPublicKey(secret(issuer));
  const body = concat(head, uint8(channel), linkPsk(head), authority, signature);
  return concat(body, linkChecksum(body));
}

export function linkPsk(head: Uint8Array, secretOfEpoch: Uint8Array = epochSecret): Bytes {
  const isDoor = head[0] === KIND_DOOR;
  const info = concat(label(isDoor ? "door psk" : "link psk"), head);
  return hkdf(new Uint8Array(0), isDoor ? doorSecret : secretOfEpoch, info);
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

export function signLeaflets(json: Uint8Array): Bytes {
  return concat(ed25519.sign(labelled("service leaflets", json), authorityKey), json);
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
  readonly authority?: Uint8Array;
  /** Flips a bit of this byte of the answer. */
  readonly damageAt?: number;
}

/** The worker's side. The psk is derived anew, for the client has wiped the link's. */
export function answerOpening(
  link: Link,
  opening: Uint8Array,
  random: Random,
  changes: AnswerChanges = {},
): Answer {
  const prologue = prologueOf(link, changes.origin ?? ORIGIN);
  const psk = changes.psk ?? linkPsk(linkHead(link));
  return answerCells({ prologue, psk }, opening, random, changes, false);
}

/** The colleague's side of a hand-over. */
export function answerHandOver(
  { secret, certificate }: HandOver,
  opening: Uint8Array,
  random: Random,
  changes: AnswerChanges = {},
): Answer {
  const authority = changes.authority ?? AUTHORITY;
  const terms = { prologue: handOverPrologue(certificate, authority), psk: handOverPsk(secret) };
  return answerCells(terms, opening, random, { certificate, ...changes }, true);
}

/** The worker's side of fresh secrets. `message` is what `fresh_opening` brought. */
export function answerFresh(
  session: Session,
  message: Uint8Array,
  random: Random,
  changes: AnswerChanges = {},
): SessionKeys {
  const authority = changes.authority ?? AUTHORITY;
  let agreed: SessionKeys | undefined;
  session.answerFresh((exportSecret, generation) => {
    const terms = { prologue: freshPrologue(generation, authority), psk: freshPsk(exportSecret) };
    const { answer, keys } = respond(terms, message, random, changes, new Uint8Array(0));
    agreed = keys;
    return { message: answer, keys };
  });
  if (agreed === undefined) throw new Error("the session asked for no keys");
  return agreed;
}

function answerCells(
  terms: ResponderTerms,
  opening: Uint8Array,
  random: Random,
  changes: AnswerChanges,
  isHandedOver: boolean,
): Answer {
  const padding = changes.padding ?? new Uint8Array(HANDSHAKE_SIZE - KEM_CIPHERTEXT_SIZE - 96 - 132);
  const { payloadEnd, answer, keys } = respond(terms, handshakeFromCells(opening), random, changes, padding);
  const triage = { language: payloadEnd.uint8(), subject: payloadEnd.uint8(), channel: payloadEnd.uint8() };
  const session = new Session("worker", keys, { isHandedOver });
  return { answer: handshakeToCells(answer), session, keys, triage };
}

interface ResponderTerms {
  readonly prologue: Uint8Array;
  readonly psk: Uint8Array;
}

function respond(
  { prologue, psk }: ResponderTerms,
  message: Uint8Array,
  random: Random,
  changes: AnswerChanges,
  padding: Uint8Array,
): { payloadEnd: Reader; answer: Bytes; keys: SessionKeys } {
  const noise = new NoiseHandshake({
    pattern: NOISE_PATTERN,
    role: "responder",
    prologue,
    psks: [psk],
    ephemeral: random(32),
    staticKey: changes.shiftKey ?? SHIFT_KEY,
  });
  const payloadEnd = new Reader(noise.readMessage(message));
  const encapsulationKey = payloadEnd.take(1184);
  const { cipherText, sharedSecret } = ml_kem768.encapsulate(encapsulationKey, random(32));
  noise.addPsk(kemPsk(sharedSecret, encapsulationKey, cipherText));
  const certificate = changes.certificate ?? issueCertificate();
  const answer = concat(cipherText, noise.writeMessage(concat(certificate, padding)));
  const { damageAt } = changes;
  if (damageAt !== undefined) answer[damageAt] = (answer[damageAt] ?? 0) ^ 1;
  return { payloadEnd, answer, keys: deriveSessionKeys(noise.split()) };
}

export interface Pair {
  readonly client: Session;
  readonly worker: Session;
  /** Of generation 0, twice: each session wipes its own. */
  readonly clientKeys: SessionKeys;
  readonly workerKeys: SessionKeys;
}

/** Two sessions that share keys, as if after a handshake. */
export function sessionPair(isHandedOver = false): Pair {
  const [clientKeys, workerKeys] = [testKeys(), testKeys()];
  const identity = { authority: AUTHORITY, worker: openCertificate(issueCertificate(), AUTHORITY, NOW) };
  const client = new Session("client", clientKeys, { identity, isHandedOver });
  return { client, worker: new Session("worker", workerKeys, { isHandedOver }), clientKeys, workerKeys };
}

export function testKeys(): SessionKeys {
  return deriveSessionKeys({ handshakeHash: secret("h"), k1: secret("k1"), k2: secret("k2") });
}

/** Everything that is due. */
export function drain(session: Session): Bytes[] {
  const cells: Bytes[] = [];
  for (let cell = session.nextCell(); cell !== undefined; cell = session.nextCell()) cells.push(cell);
  return cells;
}

/** What the cells bring, in order. */
export function take(session: Session, cells: readonly Uint8Array[]): ConsultationRecord[] {
  return cells.flatMap((cell) => session.openCell(cell, NOW).records);
}

/** Over a line that loses nothing, until neither end has anything to send. */
export function converse(client: Session, worker: Session): Record<Side, ConsultationRecord[]> {
  const heard: Record<Side, ConsultationRecord[]> = { client: [], worker: [] };
  for (let round = 0; round < 1000; round += 1) {
    const [fromClient, fromWorker] = [drain(client), drain(worker)];
    if (fromClient.length + fromWorker.length === 0) return heard;
    heard.worker.push(...take(worker, fromClient));
    heard.client.push(...take(client, fromWorker));
  }
  throw new Error("they never come to rest");
}

/** Seals what an honest worker would not: in order, with keys and numbers as given. */
export function workerCell(sequence: number, changes: Partial<CellContent> = {}, keys = testKeys()): Bytes {
  return sealCell(keys.workerKey, BigInt(sequence), { ...HONEST, ...changes });
}

/** The same for a client. */
export function clientCell(sequence: number, changes: Partial<CellContent> = {}, keys = testKeys()): Bytes {
  return sealCell(keys.clientKey, BigInt(sequence), { ...HONEST, ...changes });
}

/** A text of one letter. */
const HONEST: CellContent = {
  acknowledged: 2n,
  selective: 0n,
  recordType: 1,
  more: false,
  data: Uint8Array.of(0x61),
};

/** The code of the error that the action throws. */
export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof ProtocolError ? error.code : String(error);
  }
  return "accepted";
}

/** Every way to flip one bit in one byte, the bit taken in turn. */
export function* damaged(bytes: Uint8Array): Generator<{ at: number; bytes: Bytes }> {
  for (let at = 0; at < bytes.length; at += 1) {
    const copy = concat(bytes);
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    yield { at, bytes: copy };
  }
}
