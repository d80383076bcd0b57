// JSON that a service's authority has signed. Mirrors docs/protocol.md section 4.

import { decodeUtf8, isWellFormed } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { labelled } from "./labels.ts";
import { verifyStrict } from "./signature.ts";

const SIGNATURE_SIZE = 64;
const VERSION = 1;
const TIME_MAX_SECONDS = 0xffff_ffff;

export class CardError extends ProtocolError<"malformed" | "wrong_authority"> {}

/** Parses nothing before the signature has been verified. */
export function openSigned(
  purpose: "service card" | "service leaflets",
  bytes: Uint8Array,
  maxBytes: number,
  authority: Uint8Array,
): unknown {
  if (bytes.length <= SIGNATURE_SIZE || bytes.length > maxBytes) throw new CardError("malformed");
  const json = bytes.subarray(SIGNATURE_SIZE);
  if (!verifyStrict(bytes.subarray(0, SIGNATURE_SIZE), labelled(purpose, json), authority)) {
    throw new CardError("wrong_authority");
  }
  const content = parseJson(json);
  if (member(content, "version") !== VERSION) throw new CardError("malformed");
  return content;
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(json));
  } catch {
    throw new CardError("malformed");
  }
}

/** An own member, so that nothing inherited can stand in for a missing one. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new CardError("malformed");
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

export function timeOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new CardError("malformed");
  if (value < 0 || value > TIME_MAX_SECONDS) throw new CardError("malformed");
  return value;
}

export function stringOf(value: unknown): string {
  if (typeof value !== "string" || !isWellFormed(value)) throw new CardError("malformed");
  return value;
}
