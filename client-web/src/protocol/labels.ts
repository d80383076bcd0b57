// The labels L("…"): every signature, hash and derived key has one purpose. Mirrors docs/protocol.md section 1.

import { type Bytes, concat, encodeUtf8 } from "./bytes.ts";

type Purpose =
  | "epoch secret"
  | "issuing key"
  | "shift certificate"
  | "link psk"
  | "token"
  | "door secret"
  | "door psk"
  | "door"
  | "link checksum"
  | "service card"
  | "service leaflets"
  | "puzzle"
  | "consultation"
  | "kem"
  | "client cells"
  | "worker cells"
  | "export"
  | "route"
  | "safety phrase"
  | "fresh secrets"
  | "fresh psk"
  | "hand-over"
  | "hand-over psk"
  | "hand-over route"
  | "node";

/** `L("purpose")`, as key derivation takes it. */
export function label(purpose: Purpose): Bytes {
  return encodeUtf8(`vestibule/1 ${purpose}`);
}

/** `L("purpose") ‖ 00 ‖ fields…`, as signatures, hashes and the prologue take it. */
export function labelled(purpose: Purpose, ...fields: readonly Uint8Array[]): Bytes {
  return concat(label(purpose), Uint8Array.of(0), ...fields);
}
