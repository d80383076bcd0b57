// A JPEG, made anew from what is needed to draw it: tables, frame, scans, and which way up it is (ITU-T T.81).

import { type Bytes, concat, equal } from "../../protocol/bytes.ts";
import { CleanError, check } from "./errors.ts";
import { orientationOnly, readExif } from "./exif.ts";
import { find, fromLatin1, Input, startsWith } from "./input.ts";
import { JpegPicture } from "./jpeg-picture.ts";
import { segment } from "./jpeg-segment.ts";
import type { Report } from "./removed.ts";
import { readPhotoshop, readText } from "./texts.ts";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
const COM = 0xfe;
const EXIF = "Exif\0\0";
/** Version 1.01, square pixels, no small picture. */
const JFIF = fromLatin1("JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
const ADOBE_SIZE = 12;

/** A picture inside a PDF is turned by the PDF, so there it says nothing itself. */
export function cleanJpeg(bytes: Uint8Array, report: Report, keepsOrientation: boolean): Bytes {
  const input = new Input(bytes);
  check(input.uint16() === 0xff00 + SOI);
  const heads = new Heads(report);
  const picture = new JpegPicture(report);
  for (;;) {
    const marker = nextMarker(input);
    if (marker === EOI) break;
    const body = input.take(Math.max(0, input.uint16() - 2));
    if (marker >= APP0 && marker <= 0xef) heads.read(marker, body);
    else if (marker === COM) report.add("description");
    else if (marker === SOS) picture.scan(body, input);
    else picture.segment(marker, body);
  }
  reportBehind(bytes.subarray(input.at), report);
  return concat(
    Uint8Array.of(0xff, SOI),
    ...heads.write(keepsOrientation),
    ...picture.write(),
    Uint8Array.of(0xff, EOI),
  );
}

function nextMarker(input: Input): number {
  check(input.uint8() === 0xff);
  let marker = input.uint8();
  while (marker === 0xff) marker = input.uint8();
  return marker;
}

/** Application segments: three of them change how the picture looks, and are written afresh. */
class Heads {
  readonly #report: Report;
  #isJfif = false;
  #transform: number | undefined;
  #orientation: number | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  read(marker: number, body: Uint8Array): void {
    if (marker === APP0 && startsWith(body, "JFIF\0")) this.#readJfif(body);
    else if (marker === APP14 && startsWith(body, "Adobe") && body.length >= ADOBE_SIZE)
      this.#readAdobe(body);
    else if (startsWith(body, EXIF)) this.#readExif(body.subarray(EXIF.length));
    else this.#readOther(body);
  }

  #readJfif(body: Uint8Array): void {
    this.#isJfif = true;
    if (body.length > JFIF.length) this.#report.add("thumbnail");
  }

  #readAdobe(body: Uint8Array): void {
    this.#transform = body[11] ?? 0;
    if (body.length > ADOBE_SIZE) this.#report.add("other");
  }

  #readExif(tiff: Uint8Array): void {
    const orientation = readExif(tiff, this.#report);
    this.#orientation ??= orientation;
    // What lies in it without any tag pointing there.
    if (this.#report.size === 0 && !equal(tiff, orientationOnly(orientation))) this.#report.add("other");
  }

  #readOther(body: Uint8Array): void {
    if (startsWith(body, "http://ns.adobe.com/x")) readText(body, this.#report);
    else if (startsWith(body, "ICC_PROFILE")) this.#report.add("profile");
    else if (startsWith(body, "MPF\0") || startsWith(body, "JFXX")) this.#report.add("thumbnail");
    else if (startsWith(body, "Photoshop")) readPhotoshop(body, this.#report);
    else this.#report.add("other");
  }

  write(keepsOrientation: boolean): Bytes[] {
    const heads = [];
    if (this.#isJfif) heads.push(segment(APP0, JFIF));
    const orientation = this.#orientation ?? 1;
    if (keepsOrientation && orientation !== 1) {
      heads.push(segment(0xe1, concat(fromLatin1(EXIF), orientationOnly(orientation))));
    }
    if (this.#transform !== undefined) {
      if (this.#transform > 2) throw new CleanError("damaged");
      // Version 100, no flags; the colours depend on the last byte.
      heads.push(segment(APP14, concat(fromLatin1("Adobe\0\x64\0\0\0\0"), Uint8Array.of(this.#transform))));
    }
    return heads;
  }
}

/** Cameras hang further pictures and films behind the first. PDF writers leave line ends there. */
function reportBehind(rest: Uint8Array, report: Report): void {
  if (rest.every((byte) => byte === 0x0a || byte === 0x0d)) return;
  if (find(rest, "\xff\xd8\xff") >= 0) report.add("thumbnail");
  else if (find(rest, "ftyp") >= 0) report.add("video");
  else report.add("trailing");
}
