// ChaCha20-Poly1305 with counted nonces, for the handshake and for cells. Mirrors docs/protocol.md section 9 and
// the Noise specification, section 12.3.

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import type { Bytes } from "./bytes.ts";

export const TAG_SIZE = 16;

const NOTHING = new Uint8Array(0);

export function seal(key: Uint8Array, counter: bigint, plaintext: Uint8Array, associated = NOTHING): Bytes {
  return chacha20poly1305(key, nonce(counter), associated).encrypt(plaintext);
}

/** Throws when the tag is wrong. */
export function open(key: Uint8Array, counter: bigint, sealed: Uint8Array, associated = NOTHING): Bytes {
  return chacha20poly1305(key, nonce(counter), associated).decrypt(sealed);
}

function nonce(counter: bigint): Bytes {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, counter, true);
  return bytes;
}
