// A PNG, made anew from its size, palette, transparency and pixels (the PNG specification, third edition).

import { type Bytes, concat, uint32 } from "../../protocol/bytes.ts";
import { crc32 } from "./crc32.ts";
import { deflate } from "./deflate.ts";
import { CleanError, check } from "./errors.ts";
import { orientationOnly, readExif } from "./exif.ts";
import { inflate } from "./inflate.ts";
import { fromLatin1, Input, latin1 } from "./input.ts";
import { type Header, pixelBytes, readHeader } from "./png-header.ts";
import type { Removed, Report } from "./removed.ts";
import { readText } from "./texts.ts";

export const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n";
/** A screen of 8 million dots with 16 bits a colour; phones have little memory for a page. */
const PIXELS_MAX_BYTES = 64 * 1024 * 1024;
const KEPT = ["IHDR", "PLTE", "tRNS", "IDAT"] as const;

const REMOVED_BY_TYPE = new Map<string, Removed>(
  Object.entries({
    tIME: "time",
    iCCP: "profile",
    cICP: "profile",
    cHRM: "profile",
    gAMA: "profile",
    acTL: "animation",
    fcTL: "animation",
    fdAT: "animation",
  } as const),
);
/** Says only that the colours are the usual ones. */
const PLAIN_TYPE = "sRGB";

export async function cleanPng(bytes: Uint8Array, report: Report): Promise<Bytes> {
  const chunks = new Chunks(report);
  const input = new Input(bytes);
  input.take(PNG_SIGNATURE.length);
  while (chunks.read(input));
  if (input.left > 0) report.add("trailing");
  const header = readHeader(chunks.one("IHDR"));
  const parts = [chunk("IHDR", chunks.one("IHDR"))];
  if (chunks.orientation !== 1) parts.push(chunk("eXIf", orientationOnly(chunks.orientation)));
  parts.push(...colours(header, chunks, report));
  parts.push(chunk("IDAT", await deflate(pixels(header, chunks, report))), chunk("IEND", new Uint8Array()));
  return concat(fromLatin1(PNG_SIGNATURE), ...parts);
}

class Chunks {
  readonly #report: Report;
  readonly #kept = new Map<string, Uint8Array[]>();
  #last = "";
  orientation = 1;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Whether another one follows. */
  read(input: Input): boolean {
    const length = input.uint32();
    const begin = input.at;
    const type = latin1(input.take(4));
    const data = input.take(length);
    check(crc32(input.bytes.subarray(begin, input.at)) === input.uint32());
    check((this.#last === "") === (type === "IHDR"));
    if (KEPT.some((one) => one === type)) this.#keep(type, data);
    else if (type === "IEND") check(length === 0);
    else this.#drop(type, data);
    this.#last = type;
    return type !== "IEND";
  }

  #keep(type: string, data: Uint8Array): void {
    const known = this.#kept.get(type);
    if (known === undefined) this.#kept.set(type, [data]);
    else {
      // Only pixels come in several parts, and those stand together.
      check(type === "IDAT" && this.#last === type);
      known.push(data);
    }
  }

  #drop(type: string, data: Uint8Array): void {
    const removed = REMOVED_BY_TYPE.get(type);
    if (removed !== undefined) this.#report.add(removed);
    else if (type === "tEXt" || type === "zTXt" || type === "iTXt") readText(data, this.#report);
    else if (type === "eXIf") this.orientation = readExif(data, this.#report);
    else if (type !== PLAIN_TYPE || data.length > 1) this.#report.add("other");
  }

  all(type: (typeof KEPT)[number]): readonly Uint8Array[] {
    return this.#kept.get(type) ?? [];
  }

  one(type: (typeof KEPT)[number]): Uint8Array {
    const [data] = this.all(type);
    check(data !== undefined);
    return data;
  }
}

function colours(header: Header, chunks: Chunks, report: Report): Bytes[] {
  const [palette] = chunks.all("PLTE");
  const [transparency] = chunks.all("tRNS");
  const parts = [];
  if (header.isIndexed) {
    check(palette !== undefined && palette.length % 3 === 0);
    check(palette.length > 0 && palette.length <= 3 << header.bits);
    parts.push(chunk("PLTE", palette));
    if (transparency !== undefined) check(transparency.length <= palette.length / 3);
  } else if (palette !== undefined) report.add("other");
  if (transparency !== undefined) {
    check(header.isIndexed || (!header.hasAlpha && transparency.length === 2 * header.channels));
    parts.push(chunk("tRNS", transparency));
  }
  return parts;
}

/** Exactly as many bytes as the picture has; whatever the packed data hold beyond that is left behind. */
function pixels(header: Header, chunks: Chunks, report: Report): Bytes {
  const expected = pixelBytes(header);
  if (expected > PIXELS_MAX_BYTES) throw new CleanError("too_large");
  const packed = concat(...chunks.all("IDAT"));
  const { bytes, used, isCut } = inflate(packed, expected);
  check(bytes.length === expected);
  if (isCut || used < packed.length) report.add("trailing");
  return bytes;
}

function chunk(type: string, data: Uint8Array): Bytes {
  const body = concat(fromLatin1(type), data);
  return concat(uint32(data.length), body, uint32(crc32(body)));
}
