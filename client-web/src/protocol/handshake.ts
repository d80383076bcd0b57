// The two handshakes that begin a session, the client's side: a link or a hand-over becomes an opening, an answer
// becomes a session. Mirrors docs/protocol.md sections 7 and 8.

import { type Bytes, concat, encodeUtf8, equal, isZero, uint8, wipe } from "./bytes.ts";
import { HANDSHAKE_SIZE, handshakeFromCells, handshakeToCells } from "./cell.ts";
import type { ShiftCertificate } from "./certificate.ts";
import { hash, hkdf } from "./hash.ts";
import {
  type Agreed,
  HandshakeError,
  KeyAgreement,
  type Random,
  type Terms,
  verifyCertificate,
} from "./key-agreement.ts";
import { label, labelled } from "./labels.ts";
import { isLanguageByte } from "./languages.ts";
import { type Link, linkHead } from "./link.ts";
import { Session } from "./session.ts";
import { wipeKeys } from "./session-keys.ts";
import { CHANNEL, SUBJECT, type Triage } from "./triage.ts";

export { HandshakeError, type Random } from "./key-agreement.ts";

/** After the encapsulation key's 1,184 bytes; `e 32` and the tag are the rest of the 2,032. */
const OPENING_PAYLOAD_END_SIZE = HANDSHAKE_SIZE - 32 - 16 - 1184;

/** Another worker, as the present one proposes it. */
export interface HandOver {
  readonly secret: Bytes;
  readonly certificate: Bytes;
}

/** Everything about the link that both ends must mean alike. `origin` is serialised as in RFC 6454, 6.2. */
export function prologueOf(
  link: Pick<Link, "kind" | "epoch" | "expiry" | "linkId" | "authority">,
  origin: string,
): Bytes {
  return labelled("consultation", linkHead(link), hash(encodeUtf8(origin)), link.authority);
}

/** Consumes the link: its psk is wiped, and a second start from it throws. */
export function startHandshake(link: Link, origin: string, triage: Triage, random: Random): AwaitingAnswer {
  if (isZero(link.psk)) throw new Error("this link was started already");
  const terms = { prologue: prologueOf(link, origin), psk: link.psk, authority: link.authority };
  const awaiting = new AwaitingAnswer(terms, triage, random);
  wipe(link.psk);
  return awaiting;
}

/**
 * The certificate is verified before anything is sent, and the colleague must answer with exactly that one. The
 * secret stays the caller's, who needs it for the route.
 */
export function startHandOver(
  { secret, certificate }: HandOver,
  authority: Uint8Array,
  triage: Triage,
  nowSeconds: number,
  random: Random,
): AwaitingAnswer {
  verifyCertificate(certificate, authority, nowSeconds);
  const psk = handOverPsk(secret);
  const terms = { prologue: handOverPrologue(certificate, authority), psk, authority };
  const awaiting = new AwaitingAnswer(terms, triage, random, certificate);
  wipe(psk);
  return awaiting;
}

/** Where the colleague waits. */
export function handOverRoute(secret: Uint8Array): Bytes {
  return hkdf(new Uint8Array(0), secret, label("hand-over route"));
}

export function handOverPsk(secret: Uint8Array): Bytes {
  return hkdf(new Uint8Array(0), secret, label("hand-over psk"));
}

export function handOverPrologue(certificate: Uint8Array, authority: Uint8Array): Bytes {
  return labelled("hand-over", hash(certificate), authority);
}

/** Holds this handshake's secrets until the answer comes. Good for one answer, whatever it is. */
export class AwaitingAnswer {
  /** Two cells. The same opening may be sent again until there is an answer. */
  readonly opening: Bytes;
  readonly #authority: Bytes;
  readonly #agreement: KeyAgreement;
  readonly #offeredCertificate: Bytes | undefined;

  constructor(terms: Terms, triage: Triage, random: Random, offeredCertificate?: Uint8Array) {
    this.#authority = concat(terms.authority);
    this.#offeredCertificate = offeredCertificate && concat(offeredCertificate);
    this.#agreement = new KeyAgreement(terms, openingPayloadEnd(triage), random);
    this.opening = handshakeToCells(this.#agreement.message);
  }

  /** Throws a HandshakeError, after which nothing more may be sent on this opening's behalf. */
  finish(answer: Uint8Array, nowSeconds: number): { session: Session; worker: ShiftCertificate } {
    const { keys, certificate, worker } = this.#agree(answer, nowSeconds);
    const offered = this.#offeredCertificate;
    if (offered !== undefined && !equal(offered, certificate)) {
      wipeKeys(keys);
      throw new HandshakeError("certificate_not_offered");
    }
    const options = { identity: { authority: this.#authority, worker }, isHandedOver: offered !== undefined };
    return { session: new Session("client", keys, options), worker };
  }

  /** For a person who leaves before the answer comes. */
  wipe(): void {
    this.#agreement.wipe();
  }

  #agree(answer: Uint8Array, nowSeconds: number): Agreed {
    let message: Bytes;
    try {
      message = handshakeFromCells(answer);
    } catch {
      // No message of this size opens, and trying it consumes the handshake.
      message = new Uint8Array(0);
    }
    return this.#agreement.finish(message, nowSeconds);
  }
}

function openingPayloadEnd({ language, subject, channel }: Triage): Bytes {
  const isKnown =
    isLanguageByte(language) &&
    Object.values(SUBJECT).includes(subject) &&
    Object.values(CHANNEL).includes(channel);
  if (!isKnown) throw new RangeError("triage has a value that no worker accepts");
  const fields = concat(uint8(language), uint8(subject), uint8(channel));
  return concat(fields, new Uint8Array(OPENING_PAYLOAD_END_SIZE - fields.length));
}
