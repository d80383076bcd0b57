// Takes out of a file what it says beside its content, before it leaves the device. Whatever is not needed to show
// the file is not copied: what nobody thought of goes, too.

import type { Bytes } from "../../protocol/bytes.ts";
import { FILE_MAX_BYTES } from "../../protocol/file.ts";
import { CleanError } from "./errors.ts";
import { cleanJpeg } from "./jpeg.ts";
import { type ChosenKind, kindOf } from "./kind.ts";
import { cleanPdf } from "./pdf.ts";
import { cleanPng } from "./png.ts";
import type { Removed, Report } from "./removed.ts";
import { cleanWebp } from "./webp.ts";

export { CleanError, type CleanErrorCode } from "./errors.ts";
export type { Removed } from "./removed.ts";

export interface Cleaned {
  readonly kind: ChosenKind;
  readonly bytes: Bytes;
  /** What was there and is gone, in the order of the alphabet. */
  readonly removed: readonly Removed[];
}

/** Throws a CleanError and nothing else, whatever the bytes. */
export async function cleanFile(bytes: Uint8Array): Promise<Cleaned> {
  if (bytes.length > FILE_MAX_BYTES) throw new CleanError("too_large");
  const kind = kindOf(bytes);
  const report: Report = new Set();
  const cleaned = await CLEANERS[kind](bytes, report).catch((error: unknown) => {
    // A file that asks for more memory than there is, or finds a hole in these rules, is refused like a broken one.
    throw error instanceof CleanError ? error : new CleanError("damaged");
  });
  if (cleaned.length > FILE_MAX_BYTES) throw new CleanError("too_large");
  return { kind, bytes: cleaned, removed: [...report].sort() };
}

const CLEANERS: Readonly<Record<ChosenKind, (bytes: Uint8Array, report: Report) => Promise<Bytes>>> = {
  jpeg: async (bytes, report) => cleanJpeg(bytes, report, true),
  png: cleanPng,
  webp: async (bytes, report) => cleanWebp(bytes, report),
  pdf: cleanPdf,
};
