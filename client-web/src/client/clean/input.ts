// Reading bytes that somebody else wrote: every step past the end is an error of the file.

import { check } from "./errors.ts";

export class Input {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  uint8(): number {
    return this.unsigned(1);
  }

  uint16(): number {
    return this.unsigned(2);
  }

  uint32(): number {
    return this.unsigned(4);
  }

  /** Big-endian. */
  unsigned(size: number): number {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0);
  }

  littleEndian(size: number): number {
    return this.take(size).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    check(length >= 0 && length <= this.left);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

const SLICE_BYTES = 8192;

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES));
  }
  return text;
}

export function fromLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  if (at < 0 || at + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Where the text begins, or -1. */
export function find(bytes: Uint8Array, text: string, from = 0): number {
  const first = text.charCodeAt(0);
  let at = bytes.indexOf(first, from);
  while (at >= 0 && !startsWith(bytes, text, at)) at = bytes.indexOf(first, at + 1);
  return at;
}
