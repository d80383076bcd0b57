// H, HMAC and HKDF over BLAKE2s. Mirrors docs/protocol.md section 1.

import { blake2s } from "@noble/hashes/blake2.js";
import { hkdf as nobleHkdf } from "@noble/hashes/hkdf.js";
import { hmac as nobleHmac } from "@noble/hashes/hmac.js";
import type { Bytes } from "./bytes.ts";

export const HASH_SIZE = 32;

export function hash(message: Uint8Array): Bytes {
  return blake2s(message);
}

export function hmac(key: Uint8Array, message: Uint8Array): Bytes {
  return nobleHmac(blake2s, key, message);
}

/** An empty salt is 32 zero bytes, which HMAC's padding makes the same thing (RFC 5869 section 2.2). */
export function hkdf(salt: Uint8Array, secret: Uint8Array, info: Uint8Array, length = HASH_SIZE): Bytes {
  return nobleHkdf(blake2s, secret, salt, info, length);
}
