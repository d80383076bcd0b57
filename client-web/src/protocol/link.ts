// The link, read from the fragment. Mirrors docs/protocol.md section 3.

import { type Bytes, concat, equal, fromBase64url, Reader, uint8, uint16 } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { hash } from "./hash.ts";
import { labelled } from "./labels.ts";
import { type Channel, channelOf } from "./triage.ts";

export const LINK_SIZE = 153;
export const TOKEN_SIZE = 85;
export const EPOCH_SPACING_SECONDS = 302_400;
const CHECKSUM_SIZE = 3;

/** `damaged`: cut or altered on its way. `unsupported`: whole, but of a kind that this version cannot use. */
export class LinkError extends ProtocolError<"damaged" | "unsupported"> {}

/** `door`: a service's published address, used again and again until it expires. */
export type LinkKind = "one_time" | "door";

const KINDS = {
  one_time: { byte: 1, expiryMax: 10_080, expirySeconds: 60 },
  door: { byte: 2, expiryMax: 17_520, expirySeconds: 3600 },
} as const;

export interface Link {
  readonly kind: LinkKind;
  readonly epoch: number;
  /** After the start of the epoch: minutes of a one-time link, hours of a door. */
  readonly expiry: number;
  readonly linkId: Bytes;
  readonly channel: Channel;
  readonly psk: Bytes;
  readonly authority: Bytes;
  readonly tokenSignature: Bytes;
}

/** Takes the fragment, with or without its `#`. */
export function parseLink(text: string): Link {
  return linkFromBytes(decode(text.startsWith("#") ? text.slice(1) : text));
}

/** Takes the 153 bytes that the fragment stands for. */
export function linkFromBytes(bytes: Bytes): Link {
  if (bytes.length !== LINK_SIZE) throw new LinkError("damaged");
  const body = bytes.subarray(0, LINK_SIZE - CHECKSUM_SIZE);
  const checksum = bytes.subarray(LINK_SIZE - CHECKSUM_SIZE);
  if (!equal(linkChecksum(body), checksum)) throw new LinkError("damaged");

  const reader = new Reader(body);
  const link: Link = {
    kind: kindOf(reader.uint8()),
    epoch: reader.uint16(),
    expiry: reader.uint16(),
    linkId: reader.take(16),
    channel: channelOf(reader.uint8()),
    psk: reader.take(32),
    authority: reader.take(32),
    tokenSignature: reader.take(64),
  };
  if (link.expiry < 1 || link.expiry > KINDS[link.kind].expiryMax) throw new LinkError("damaged");
  return link;
}

/** Seconds since 1970; the link holds until then. */
export function linkExpiresAt(link: Link): number {
  return link.epoch * EPOCH_SPACING_SECONDS + link.expiry * KINDS[link.kind].expirySeconds;
}

/** What a relay sees of a link. */
export function token(link: Link): Bytes {
  return concat(linkHead(link), link.tokenSignature);
}

/** `kind 1 ‖ epoch 2 ‖ expiry 2 ‖ link_id 16`, which token, psk and prologue all bind. */
export function linkHead(link: Pick<Link, "kind" | "epoch" | "expiry" | "linkId">): Bytes {
  return concat(uint8(KINDS[link.kind].byte), uint16(link.epoch), uint16(link.expiry), link.linkId);
}

export function linkChecksum(body: Uint8Array): Bytes {
  return hash(labelled("link checksum", body)).slice(0, CHECKSUM_SIZE);
}

function decode(text: string): Bytes {
  try {
    return fromBase64url(text);
  } catch {
    // Which rule of base64url broke helps nobody who holds a broken link.
    throw new LinkError("damaged");
  }
}

function kindOf(byte: number): LinkKind {
  if (byte === KINDS.one_time.byte) return "one_time";
  if (byte === KINDS.door.byte) return "door";
  throw new LinkError("unsupported");
}
