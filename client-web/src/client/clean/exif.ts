// EXIF: which way up a picture is, the one thing of it that is kept; and what else it said, for the person to know.

import { type Bytes, concat, uint16, uint32 } from "../../protocol/bytes.ts";
import { startsWith } from "./input.ts";
import type { Removed, Report } from "./removed.ts";

const ORIENTATION = 0x0112;
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const INTEROPERABILITY_IFD = 0xa005;
const TYPE_SHORT = 3;
const ENTRY_SIZE = 12;
const ENTRIES_MAX = 1000;

/** Say how to read the picture and nothing about who made it. */
const PLAIN_TAGS = new Set([
  ORIENTATION,
  EXIF_IFD,
  GPS_IFD,
  INTEROPERABILITY_IFD,
  0x0100, // ImageWidth
  0x0101, // ImageLength
  0x0102, // BitsPerSample
  0x0103, // Compression
  0x0106, // PhotometricInterpretation
  0x0115, // SamplesPerPixel
  0x011a, // XResolution
  0x011b, // YResolution
  0x0128, // ResolutionUnit
  0x0213, // YCbCrPositioning
  0x9000, // ExifVersion
  0x9101, // ComponentsConfiguration
  0xa000, // FlashpixVersion
  0xa001, // ColorSpace
  0xa002, // PixelXDimension
  0xa003, // PixelYDimension
]);

const TAGS: readonly (readonly [Removed, readonly number[]])[] = [
  ["time", [0x0132, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292]],
  ["author", [0x0131, 0x013b, 0x013c, 0x8298, 0x9c9d, 0xa430]],
  ["description", [0x010d, 0x010e, 0x02bc, 0x83bb, 0x8649, 0x9286, 0x9c9b, 0x9c9c, 0x9c9e, 0x9c9f]],
];
/** Whatever is not known by name says something of the device or how it was set. */
const REMOVED_BY_TAG = new Map(TAGS.flatMap(([removed, tags]) => tags.map((tag) => [tag, removed] as const)));

/** Notes what the TIFF structure tells, and gives the orientation, 1 (upright) to 8. */
export function readExif(tiff: Uint8Array, report: Report): number {
  const reader = new Exif(tiff, report);
  return reader.run();
}

class Exif {
  readonly #view: DataView;
  readonly #isLittle: boolean;
  readonly #isTiff: boolean;
  readonly #report: Report;
  #orientation = 1;

  constructor(tiff: Uint8Array, report: Report) {
    this.#view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
    this.#isLittle = startsWith(tiff, "II*\0");
    this.#isTiff = tiff.length >= 8 && (this.#isLittle || startsWith(tiff, "MM\0*"));
    this.#report = report;
  }

  run(): number {
    if (!this.#isTiff) {
      this.#report.add("other");
      return 1;
    }
    const next = this.#directory(this.#uint32(4), true);
    if (next !== 0) this.#report.add("thumbnail");
    return this.#orientation;
  }

  /** Gives where the next directory is. One inside another is one level deep, so nothing goes round in circles. */
  #directory(at: number, isFirst: boolean): number {
    const count = Math.min(this.#uint16(at), ENTRIES_MAX);
    for (let i = 0; i < count; i += 1) this.#entry(at + 2 + i * ENTRY_SIZE, isFirst);
    return this.#uint32(at + 2 + count * ENTRY_SIZE);
  }

  #entry(at: number, isFirst: boolean): void {
    const tag = this.#uint16(at);
    if (tag === 0) return;
    if (!PLAIN_TAGS.has(tag)) this.#report.add(REMOVED_BY_TAG.get(tag) ?? "camera");
    if (!isFirst) return;
    if (tag === GPS_IFD) this.#report.add("place");
    if (tag === EXIF_IFD) this.#directory(this.#uint32(at + 8), false);
    if (tag === ORIENTATION && this.#uint16(at + 2) === TYPE_SHORT) {
      const value = this.#uint16(at + 8);
      if (value >= 1 && value <= 8) this.#orientation = value;
    }
  }

  /** Zero beyond the end: a broken EXIF is dropped as well as a sound one. */
  #uint16(at: number): number {
    return at + 2 > this.#view.byteLength ? 0 : this.#view.getUint16(at, this.#isLittle);
  }

  #uint32(at: number): number {
    return at + 4 > this.#view.byteLength ? 0 : this.#view.getUint32(at, this.#isLittle);
  }
}

/** A TIFF structure that says which way up and nothing else. */
export function orientationOnly(orientation: number): Bytes {
  return concat(
    Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1),
    uint16(ORIENTATION),
    uint16(TYPE_SHORT),
    uint32(1),
    uint16(orientation),
    uint16(0),
    uint32(0),
  );
}
