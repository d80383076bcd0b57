// The one-time link, read from the fragment. Mirrors docs/protocol.md section 3.

import { type Bytes, concat, equal, fromBase64url, Reader, uint8, uint16 } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { hash } from "./hash.ts";
import { labelled } from "./labels.ts";
import { type Channel, channelOf } from "./triage.ts";

export const LINK_SIZE = 153;
export const TOKEN_SIZE = 85;
export const KIND_ONE_TIME = 1;
export const EPOCH_SPACING_SECONDS = 302_400;
const EXPIRY_MAX_MINUTES = 10_080;
const CHECKSUM_SIZE = 3;

/** `damaged`: cut or altered on its way. `unsupported`: whole, but of a kind that this version cannot use. */
export class LinkError extends ProtocolError<"damaged" | "unsupported"> {}

export interface Link {
  readonly kind: number;
  readonly epoch: number;
  /** Minutes after the start of the epoch. */
  readonly expiry: number;
  readonly linkId: Bytes;
  readonly channel: Channel;
  readonly psk: Bytes;
  readonly authority: Bytes;
  readonly tokenSignature: Bytes;
}

/** Takes the fragment, with or without its `#`. */
export function parseLink(text: string): Link {
  const bytes = decode(text.startsWith("#") ? text.slice(1) : text);
  const body = bytes.subarray(0, LINK_SIZE - CHECKSUM_SIZE);
  const checksum = bytes.subarray(LINK_SIZE - CHECKSUM_SIZE);
  if (!equal(linkChecksum(body), checksum)) throw new LinkError("damaged");

  const reader = new Reader(body);
  const link: Link = {
    kind: reader.uint8(),
    epoch: reader.uint16(),
    expiry: reader.uint16(),
    linkId: reader.take(16),
    channel: channelOf(reader.uint8()),
    psk: reader.take(32),
    authority: reader.take(32),
    tokenSignature: reader.take(64),
  };
  if (link.kind !== KIND_ONE_TIME) throw new LinkError("unsupported");
  if (link.expiry < 1 || link.expiry > EXPIRY_MAX_MINUTES) throw new LinkError("damaged");
  return link;
}

/** Seconds since 1970; the link holds until then. */
export function linkExpiresAt(link: Link): number {
  return link.epoch * EPOCH_SPACING_SECONDS + link.expiry * 60;
}

/** What a relay sees of a link. */
export function token(link: Link): Bytes {
  return concat(linkHead(link), link.tokenSignature);
}

/** `kind 1 ‖ epoch 2 ‖ expiry 2 ‖ link_id 16`, which token, psk and prologue all bind. */
export function linkHead(link: Pick<Link, "kind" | "epoch" | "expiry" | "linkId">): Bytes {
  return concat(uint8(link.kind), uint16(link.epoch), uint16(link.expiry), link.linkId);
}

export function linkChecksum(body: Uint8Array): Bytes {
  return hash(labelled("link checksum", body)).slice(0, CHECKSUM_SIZE);
}

function decode(text: string): Bytes {
  try {
    const bytes = fromBase64url(text);
    if (bytes.length === LINK_SIZE) return bytes;
  } catch {
    // Falls through: which rule of base64url broke helps nobody who holds a broken link.
  }
  throw new LinkError("damaged");
}
