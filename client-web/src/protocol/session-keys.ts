// The keys of one generation. Mirrors docs/protocol.md section 7 ("keys").

import { type Bytes, concat, wipe } from "./bytes.ts";
import { hkdf } from "./hash.ts";
import { label } from "./labels.ts";
import type { NoiseResult } from "./noise.ts";

export interface SessionKeys {
  readonly clientKey: Bytes;
  readonly workerKey: Bytes;
  readonly exportSecret: Bytes;
}

/** Consumes the handshake's result. */
export function deriveSessionKeys({ handshakeHash, k1, k2 }: NoiseResult): SessionKeys {
  const root = concat(k1, k2);
  const keys = {
    clientKey: hkdf(handshakeHash, root, label("client cells")),
    workerKey: hkdf(handshakeHash, root, label("worker cells")),
    exportSecret: hkdf(handshakeHash, root, label("export")),
  };
  wipe(root, k1, k2, handshakeHash);
  return keys;
}

export function wipeKeys({ clientKey, workerKey, exportSecret }: SessionKeys): void {
  wipe(clientKey, workerKey, exportSecret);
}

/** Where both ends of this generation meet again. */
export function routeOf({ exportSecret }: SessionKeys): Bytes {
  return hkdf(new Uint8Array(0), exportSecret, label("route"));
}
