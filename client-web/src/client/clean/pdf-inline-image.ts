// A small picture inside a content stream (ISO 32000-1, 8.9.7). It is written in hexadecimal digits, so that
// nobody has to guess where it ends.

import { toHex } from "../../protocol/bytes.ts";
import { check } from "./errors.ts";
import { latin1 } from "./input.ts";
import { cleanJpeg } from "./jpeg.ts";
import type { Filters } from "./pdf-filters.ts";
import type { Lexer } from "./pdf-lexer.ts";
import { type Dict, isArray, isDict, Keyword, Name, nameOf, type Value, write } from "./pdf-values.ts";
import type { Report } from "./removed.ts";

const LONG_KEYS = new Map<string, string>(
  Object.entries({
    BitsPerComponent: "BPC",
    ColorSpace: "CS",
    Decode: "D",
    DecodeParms: "DP",
    Filter: "F",
    Height: "H",
    ImageMask: "IM",
    Interpolate: "I",
    Width: "W",
  }),
);
const KEPT = ["W", "H", "BPC", "CS", "D", "IM", "I", "Intent"];
const PARAMETERS = [
  "K",
  "EndOfLine",
  "EncodedByteAlign",
  "Columns",
  "Rows",
  "EndOfBlock",
  "BlackIs1",
  "ColorTransform",
];
/** `EI` between white space, and behind it something that is no picture. */
const END = /\sEI(?=[\s/<([]|$)(?=[\t\n\r -~]{0,16}(?:[\t\n\r -~]|$))/g;
const BY_COLOURS = new Map<string, number>(
  Object.entries({
    G: 1,
    DeviceGray: 1,
    CalGray: 1,
    RGB: 3,
    DeviceRGB: 3,
    CMYK: 4,
    DeviceCMYK: 4,
  }),
);

export function inlineImage(lexer: Lexer, filters: Filters, report: Report): string {
  const dict = readDict(lexer);
  const begin = lexer.at + 1;
  const end = endOf(lexer.bytes, begin, dict);
  lexer.at = end;
  check(lexer.skips("EI"));
  const raw = lexer.bytes.subarray(begin, end);
  // A predictor is undone here, being rare in so small a picture.
  const unpacked = filters.unpack(raw, dict.get("F"), dict.get("DP"));
  const isPacked = unpacked.filter !== "";
  const bytes =
    unpacked.filter === "DCTDecode"
      ? cleanJpeg(unpacked.bytes, report, false)
      : isPacked
        ? unpacked.bytes
        : filters.unpackFully(raw, dict.get("F"), dict.get("DP"));
  const own = new Map([...unpacked.parameters].filter(([key]) => PARAMETERS.includes(key)));
  const kept = KEPT.flatMap((key) => {
    const value = dict.get(key);
    return value === undefined || isDict(value) ? [] : [`/${key} ${write(value)}`];
  });
  const filter = isPacked ? `/F [/AHx /${unpacked.filter}] /DP [null ${write(own)}]` : "/F /AHx";
  return `BI ${kept.join(" ")} ${filter} ID ${toHex(bytes)}>\nEI`;
}

function readDict(lexer: Lexer): Dict {
  const dict = new Map<string, Value>();
  while (!lexer.skips("ID")) {
    const key = lexer.value();
    check(key instanceof Name);
    const value = lexer.value();
    check(!(value instanceof Keyword));
    dict.set(LONG_KEYS.get(key.text) ?? key.text, value);
  }
  return dict;
}

function endOf(bytes: Uint8Array, begin: number, dict: Dict): number {
  const filter = dict.get("F");
  const first = nameOf(isArray(filter) ? filter[0] : filter);
  let from = begin;
  if (first === "AHx" || first === "ASCIIHexDecode" || first === "A85" || first === "ASCII85Decode") {
    const end = bytes.indexOf(0x3e, begin);
    check(end >= 0);
    from = end + 1;
  } else if (first === "") from = begin + plainBytes(dict);
  check(from <= bytes.length);
  if (from > begin) return from;
  return searchEnd(bytes, begin);
}

/** Zero where the colours are a resource's, which is not known here. */
function plainBytes(dict: Dict): number {
  const number = (key: string) => Number(dict.get(key) ?? 0);
  const colours = dict.get("CS");
  const isMask = dict.get("IM") === true;
  const channels = isMask || isArray(colours) ? 1 : (BY_COLOURS.get(nameOf(colours)) ?? 0);
  const bits = isMask ? 1 : number("BPC");
  const size = number("H") * Math.ceil((number("W") * bits * channels) / 8);
  check(Number.isInteger(size) && size >= 0);
  return size;
}

const WINDOW_BYTES = 65_536;

function searchEnd(bytes: Uint8Array, begin: number): number {
  for (let at = begin; at < bytes.length; at += WINDOW_BYTES) {
    END.lastIndex = 0;
    const match = END.exec(latin1(bytes.subarray(at, at + WINDOW_BYTES + 32)));
    if (match !== null) return at + match.index;
  }
  check(false);
  return begin;
}
