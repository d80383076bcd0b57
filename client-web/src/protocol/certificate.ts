// The shift certificate: who answers, for one shift. Mirrors docs/protocol.md section 2.

import { type Bytes, decodeUtf8, isZero, Reader } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { labelled } from "./labels.ts";
import { LANGUAGES_ALL } from "./languages.ts";
import { verifyStrict } from "./signature.ts";

export const CERTIFICATE_SIZE = 132;
export const SIGNED_SIZE = 68;
const VERSION = 1;
const SHIFT_MAX_SECONDS = 129_600;
const CLOCK_TOLERANCE_SECONDS = 600;
const ALIAS_SIZE = 24;

const ROLE_BY_NUMBER = {
  1: "outreach",
  2: "peer",
  3: "doctor",
  4: "psychologist",
  5: "lawyer",
  6: "coordinator",
} as const;

export type Role = (typeof ROLE_BY_NUMBER)[keyof typeof ROLE_BY_NUMBER];

export class CertificateError extends ProtocolError<
  "malformed" | "wrong_authority" | "not_yet_valid" | "expired"
> {}

export interface ShiftCertificate {
  readonly shiftPublic: Bytes;
  readonly validFrom: number;
  readonly validTo: number;
  readonly role: Role;
  /** A set of bits, one for each language. */
  readonly languages: number;
  readonly alias: string;
}

/** Believes nothing in the certificate before its signature has been verified. */
export function openCertificate(
  bytes: Uint8Array,
  authority: Uint8Array,
  nowSeconds: number,
): ShiftCertificate {
  if (bytes.length !== CERTIFICATE_SIZE || bytes[0] !== VERSION) throw new CertificateError("malformed");
  const signed = bytes.subarray(0, SIGNED_SIZE);
  if (!verifyStrict(bytes.subarray(SIGNED_SIZE), labelled("shift certificate", signed), authority)) {
    throw new CertificateError("wrong_authority");
  }
  const certificate = parse(signed);
  // Written so that a time that is not a number is refused too.
  if (!(nowSeconds >= certificate.validFrom - CLOCK_TOLERANCE_SECONDS)) {
    throw new CertificateError("not_yet_valid");
  }
  if (!(nowSeconds <= certificate.validTo + CLOCK_TOLERANCE_SECONDS)) throw new CertificateError("expired");
  return certificate;
}

function parse(signed: Uint8Array): ShiftCertificate {
  const reader = new Reader(signed.subarray(1));
  const shiftPublic = reader.take(32);
  const validFrom = reader.uint32();
  const validTo = reader.uint32();
  const role = roleOf(reader.uint8());
  const languages = reader.uint8();
  const aliasLength = reader.uint8();
  const alias = aliasOf(aliasLength, reader.take(ALIAS_SIZE));

  const shiftSeconds = validTo - validFrom;
  if (shiftSeconds <= 0 || shiftSeconds > SHIFT_MAX_SECONDS) throw new CertificateError("malformed");
  if (languages === 0 || (languages & ~LANGUAGES_ALL) !== 0) throw new CertificateError("malformed");
  return { shiftPublic, validFrom, validTo, role, languages, alias };
}

function roleOf(byte: number): Role {
  const known = Object.entries(ROLE_BY_NUMBER).find(([number]) => Number(number) === byte);
  if (known === undefined) throw new CertificateError("malformed");
  return known[1];
}

/** Control characters, bidirectional and zero-width format characters, line separators; then outer white space. */
const ALIAS_REFUSED =
  /[\p{Cc}\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]|^\s|\s$/u;

function aliasOf(length: number, field: Uint8Array): string {
  if (length < 1 || length > ALIAS_SIZE || !isZero(field.subarray(length))) {
    throw new CertificateError("malformed");
  }
  let alias: string;
  try {
    alias = decodeUtf8(field.subarray(0, length));
  } catch {
    throw new CertificateError("malformed");
  }
  if (ALIAS_REFUSED.test(alias)) throw new CertificateError("malformed");
  return alias;
}
