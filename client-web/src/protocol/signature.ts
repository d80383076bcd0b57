// Strict Ed25519 verification. Mirrors docs/protocol.md section 1.

import { ed25519 } from "@noble/curves/ed25519.js";

/** False, never an error, for whatever a stranger may have written into the three. */
export function verifyStrict(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    // noble's strict mode refuses small-order keys by itself today; that is its choice, but our rule.
    if (ed25519.Point.fromBytes(publicKey, false).isSmallOrder()) return false;
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
