// Why a file cannot be cleaned: a code for the page to explain.

import { ProtocolError } from "../../protocol/errors.ts";

/**
 * `unknown_kind`: none of the four kinds, or a variety of one that hardly anybody can show. `heic`: HEIC or AVIF.
 * `animated`: a WebP with more than one picture. `video`. `damaged`: breaks the rules of its kind, so that nobody
 * can say what is in it. `protected`: a PDF under a password. `too_large`: as a file, or unpacked. `unsupported`:
 * it holds something that only a larger program could clean, or the browser is too old for this kind.
 */
export type CleanErrorCode =
  | "unknown_kind"
  | "heic"
  | "animated"
  | "video"
  | "damaged"
  | "protected"
  | "too_large"
  | "unsupported";

export class CleanError extends ProtocolError<CleanErrorCode> {}

/** A condition that every sound file meets. */
export function check(holds: boolean): asserts holds {
  if (!holds) throw new CleanError("damaged");
}
