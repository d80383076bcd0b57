// Unpacks a PDF's streams (ISO 32000-1, section 7.4), as far as their bytes are not pictures.

import { CleanError, check } from "./errors.ts";
import { inflate } from "./inflate.ts";
import { latin1, startsWith } from "./input.ts";
import { lzw, runLength } from "./pdf-old-filters.ts";
import { unpredict } from "./pdf-predictor.ts";
import { type Dict, isArray, isDict, nameOf, type Value } from "./pdf-values.ts";

/** In all of a file's streams; phones have little memory for a page. */
const UNPACKED_MAX_BYTES = 192 * 1024 * 1024;
const STREAM_MAX_BYTES = 64 * 1024 * 1024;

/** Inline images abbreviate. */
const LONG_NAMES = new Map<string, string>(
  Object.entries({
    AHx: "ASCIIHexDecode",
    A85: "ASCII85Decode",
    LZW: "LZWDecode",
    Fl: "FlateDecode",
    RL: "RunLengthDecode",
    CCF: "CCITTFaxDecode",
    DCT: "DCTDecode",
  }),
);

export interface Unpacked {
  readonly bytes: Uint8Array;
  /** The picture's own filter, which remains, or nothing. */
  readonly filter: string;
  /** Of that filter; or of the predictor, which stands for itself when the bytes are packed again. */
  readonly parameters: Dict;
  readonly hasPredictor: boolean;
}

const NONE: Dict = new Map();

export class Filters {
  readonly #resolve: (value: Value | undefined) => Value;
  #left = UNPACKED_MAX_BYTES;
  /** Whether bytes hid behind packed data. */
  sawTrailing = false;

  constructor(resolve: (value: Value | undefined) => Value) {
    this.#resolve = resolve;
  }

  /** All but a picture's own filter, and a last predictor. */
  unpack(raw: Uint8Array, filter: Value | undefined, parameters: Value | undefined): Unpacked {
    const names = this.#list(filter).map((value) => LONG_NAMES.get(nameOf(value)) ?? nameOf(value));
    const all = this.#list(parameters);
    let bytes = raw;
    for (const [i, name] of names.entries()) {
      const own = this.#dict(all[i]);
      const isLast = i === names.length - 1;
      const plain = this.#one(name, bytes, own);
      if (plain === undefined) {
        check(isLast);
        return { bytes, filter: name, parameters: own, hasPredictor: false };
      }
      bytes = this.#counted(plain);
      const hasPredictor = Number(own.get("Predictor") ?? 1) > 1;
      if (hasPredictor && isLast) return { bytes, filter: "", parameters: own, hasPredictor };
      if (hasPredictor) bytes = unpredict(bytes, own);
    }
    return { bytes, filter: "", parameters: NONE, hasPredictor: false };
  }

  /** Down to the last byte; a picture has none such. */
  unpackFully(raw: Uint8Array, filter: Value | undefined, parameters: Value | undefined): Uint8Array {
    const unpacked = this.unpack(raw, filter, parameters);
    check(unpacked.filter === "");
    return unpacked.hasPredictor ? unpredict(unpacked.bytes, unpacked.parameters) : unpacked.bytes;
  }

  #list(value: Value | undefined): readonly Value[] {
    const resolved = this.#resolve(value);
    if (resolved === null) return [];
    return isArray(resolved) ? resolved.map((one) => this.#resolve(one)) : [resolved];
  }

  #dict(value: Value | undefined): Dict {
    if (!isDict(value)) return NONE;
    return new Map([...value].map(([key, one]) => [key, key === "JBIG2Globals" ? one : this.#resolve(one)]));
  }

  #one(name: string, bytes: Uint8Array, parameters: Dict): Uint8Array | undefined {
    if (name === "FlateDecode") return this.#inflate(bytes);
    if (name === "LZWDecode") return lzw(bytes, parameters.get("EarlyChange") !== 0, STREAM_MAX_BYTES);
    if (name === "ASCIIHexDecode") return asciiHex(bytes);
    if (name === "ASCII85Decode") return ascii85(bytes);
    if (name === "RunLengthDecode") return runLength(bytes, STREAM_MAX_BYTES);
    if (name === "DCTDecode" || name === "CCITTFaxDecode") return undefined;
    // JPEG 2000 and JBIG2 have rooms of their own for texts, which nothing here can clear.
    throw new CleanError("unsupported");
  }

  #inflate(bytes: Uint8Array): Uint8Array {
    const { bytes: plain, used, isCut } = inflate(bytes, STREAM_MAX_BYTES);
    if (isCut) throw new CleanError("too_large");
    if (bytes.subarray(used).some((byte) => byte !== 0x0a && byte !== 0x0d)) this.sawTrailing = true;
    return plain;
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.#left -= bytes.length;
    if (this.#left < 0) throw new CleanError("too_large");
    return bytes;
  }
}

function asciiHex(bytes: Uint8Array): Uint8Array {
  const [digits = ""] = latin1(bytes).split(">");
  const pairs = digits.replace(/[^\da-fA-F]/g, "").match(/..?/g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair.padEnd(2, "0"), 16));
}

function ascii85(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  for (const byte of bytes.subarray(startsWith(bytes, "<~") ? 2 : 0)) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
    if (byte < 0x21 || byte > 0x75) continue;
    group.push(byte - 0x21);
    if (group.length === 5) {
      pushGroup(group, out);
      group = [];
    }
  }
  if (group.length > 1) pushGroup(group, out);
  return Uint8Array.from(out);
}

function pushGroup(group: readonly number[], out: number[]): void {
  const padded = [...group, 84, 84, 84, 84].slice(0, 5);
  const value = padded.reduce((sum, digit) => sum * 85 + digit, 0);
  for (let i = 0; i < group.length - 1; i += 1) out.push(Math.floor(value / 256 ** (3 - i)) & 0xff);
}
