// Two filters of old PDFs: LZW and run lengths.

import { CleanError, check } from "./errors.ts";

const CLEAR = 256;
const END = 257;
const CODES_MAX = 4096;

export function lzw(bytes: Uint8Array, isEarly: boolean, limit: number): Uint8Array {
  const out: number[] = [];
  /** Where in the output the string of each code begins, and its length. */
  let starts: number[] = [];
  let lengths: number[] = [];
  let held = 0;
  let heldBits = 0;
  let width = 9;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffffff;
    heldBits += 8;
    if (heldBits < width) continue;
    heldBits -= width;
    const code = (held >> heldBits) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      starts = [];
      lengths = [];
      width = 9;
      continue;
    }
    const begin = out.length;
    if (code < CLEAR) out.push(code);
    else copyString(out, starts[code - 258], lengths[code - 258]);
    if (out.length > limit) throw new CleanError("too_large");
    // The string of the next code is that of this one and the byte that follows it.
    if (starts.length + 258 < CODES_MAX) {
      starts.push(begin);
      lengths.push(out.length - begin + 1);
    }
    const next = 257 + starts.length + (isEarly ? 1 : 0);
    width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
  }
  return Uint8Array.from(out);
}

function copyString(out: number[], start: number | undefined, length: number | undefined): void {
  check(start !== undefined && length !== undefined);
  for (let i = 0; i < length; i += 1) out.push(out[start + i] ?? 0);
}

export function runLength(bytes: Uint8Array, limit: number): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 128;
    if (length === 128) break;
    if (length < 128) for (const byte of bytes.subarray(at + 1, at + 2 + length)) out.push(byte);
    else for (let i = 0; i < 257 - length; i += 1) out.push(bytes[at + 1] ?? 0);
    at += length < 128 ? length + 2 : 2;
    if (out.length > limit) throw new CleanError("too_large");
  }
  return Uint8Array.from(out);
}
