// A WebP, made anew from its pixels and transparency (RFC 9649).

import { type Bytes, concat } from "../../protocol/bytes.ts";
import { CleanError, check } from "./errors.ts";
import { orientationOnly, readExif } from "./exif.ts";
import { fromLatin1, Input, latin1, startsWith } from "./input.ts";
import type { Report } from "./removed.ts";
import { readText } from "./texts.ts";

const ALPHA_FLAG = 0x10;
const EXIF_FLAG = 0x08;
const ANIMATION_FLAG = 0x02;
const KEPT = ["VP8X", "ALPH", "VP8 ", "VP8L"];

interface Size {
  readonly width: number;
  readonly height: number;
}

export function cleanWebp(bytes: Uint8Array, report: Report): Bytes {
  const { chunks, orientation } = readChunks(bytes, report);
  const [canvas, alpha, lossy, lossless] = KEPT.map((type) => chunks.get(type));
  const picture = lossy ?? lossless;
  check(picture !== undefined && (lossy === undefined || lossless === undefined));
  const size = lossy ? lossySize(lossy) : losslessSize(picture);
  if (canvas !== undefined) checkCanvas(canvas, size);
  const parts = [chunk(lossy ? "VP8 " : "VP8L", picture)];
  let flags = 0;
  // A lossless picture's transparency is in itself.
  if (canvas !== undefined && alpha !== undefined && lossy !== undefined) {
    parts.unshift(chunk("ALPH", checkedAlpha(alpha, size)));
    flags |= ALPHA_FLAG;
  }
  if (orientation !== 1) {
    parts.push(chunk("EXIF", orientationOnly(orientation)));
    flags |= EXIF_FLAG;
    if (lossless !== undefined && hasAlpha(lossless)) flags |= ALPHA_FLAG;
  }
  return flags === 0 ? riff(...parts) : riff(chunk("VP8X", canvasOf(flags, size)), ...parts);
}

function hasAlpha(lossless: Uint8Array): boolean {
  return ((lossless[4] ?? 0) & 0x10) !== 0;
}

interface Chunks {
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  readonly orientation: number;
}

function readChunks(bytes: Uint8Array, report: Report): Chunks {
  const whole = new Input(bytes);
  whole.take(4);
  const input = new Input(whole.take(whole.littleEndian(4)));
  if (whole.left > 0) report.add("trailing");
  check(latin1(input.take(4)) === "WEBP");
  const chunks = new Map<string, Uint8Array>();
  let orientation = 1;
  while (input.left > 0) {
    const type = latin1(input.take(4));
    const data = input.take(input.littleEndian(4));
    // Some writers leave the last chunk's filling out.
    if (data.length % 2 === 1 && input.left > 0) input.uint8();
    if (type === "ANIM" || type === "ANMF") throw new CleanError("animated");
    if (KEPT.includes(type)) {
      check(!chunks.has(type));
      chunks.set(type, data);
    } else if (type === "EXIF")
      orientation = readExif(startsWith(data, "Exif\0\0") ? data.subarray(6) : data, report);
    else if (type === "XMP ") readText(data, report);
    else report.add(type === "ICCP" ? "profile" : "other");
  }
  return { chunks, orientation };
}

function lossySize(data: Uint8Array): Size {
  const input = new Input(data);
  const tag = input.littleEndian(3);
  // A key frame that is shown, and whose first partition is inside.
  check((tag & 1) === 0 && (tag & 0x10) !== 0 && tag >> 5 <= data.length - 10);
  check(latin1(input.take(3)) === "\x9d\x01\x2a");
  return { width: input.littleEndian(2) & 0x3fff, height: input.littleEndian(2) & 0x3fff };
}

function losslessSize(data: Uint8Array): Size {
  const input = new Input(data);
  check(input.uint8() === 0x2f);
  const bits = input.littleEndian(4);
  check(bits >>> 29 === 0);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function checkCanvas(data: Uint8Array, size: Size): void {
  const input = new Input(data);
  const flags = input.uint8();
  input.take(3);
  if (flags & ANIMATION_FLAG) throw new CleanError("animated");
  check(
    input.littleEndian(3) === size.width - 1 && input.littleEndian(3) === size.height - 1 && input.left === 0,
  );
}

function canvasOf(flags: number, { width, height }: Size): Bytes {
  return concat(Uint8Array.of(flags, 0, 0, 0), littleEndian(width - 1, 3), littleEndian(height - 1, 3));
}

/** Unpacked transparency has a byte for each pixel, and nothing may follow. */
function checkedAlpha(data: Uint8Array, size: Size): Uint8Array {
  const head = data[0] ?? 0xff;
  check(head >> 6 === 0 && (head & 3) <= 1);
  if ((head & 3) === 1) return data;
  return new Input(data).take(1 + size.width * size.height);
}

function riff(...chunks: readonly Bytes[]): Bytes {
  const body = concat(fromLatin1("WEBP"), ...chunks);
  return concat(fromLatin1("RIFF"), littleEndian(body.length, 4), body);
}

function chunk(type: string, data: Uint8Array): Bytes {
  return concat(fromLatin1(type), littleEndian(data.length, 4), data, new Uint8Array(data.length % 2));
}

function littleEndian(value: number, size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 0xff);
}
