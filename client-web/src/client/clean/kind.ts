// Which kind a file is of, by what is in it: names lie.

import type { FileKind } from "../../protocol/file.ts";
import { CleanError } from "./errors.ts";
import { find, latin1, startsWith } from "./input.ts";
import { PNG_SIGNATURE } from "./png.ts";

/** Readers look for a PDF's head in so many bytes. */
const PDF_HEAD_WITHIN_BYTES = 1024;
const HEIF_BRANDS = /^(?:he[a-z][a-z]|mif\d|msf\d|avi[a-z]|miaf)/;
const MATROSKA = "\x1a\x45\xdf\xa3";

/** What a person chooses from the device; a voice note is made by the page. */
export type ChosenKind = Exclude<FileKind, "voice">;

export function kindOf(bytes: Uint8Array): ChosenKind {
  if (startsWith(bytes, "\xff\xd8\xff")) return "jpeg";
  if (startsWith(bytes, PNG_SIGNATURE)) return "png";
  if (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8)) return "webp";
  if (startsWith(bytes, "ftyp", 4)) {
    throw new CleanError(HEIF_BRANDS.test(latin1(bytes.subarray(8, 12))) ? "heic" : "video");
  }
  if (startsWith(bytes, MATROSKA)) throw new CleanError("video");
  if (find(bytes.subarray(0, PDF_HEAD_WITHIN_BYTES), "%PDF-") >= 0) return "pdf";
  throw new CleanError("unknown_kind");
}
