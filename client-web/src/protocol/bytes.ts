// Bytes: the lowest layer, shared by every file here. Mirrors docs/protocol.md section 1 (notation).

/** Bytes that this code made itself, so never over shared memory; browsers' sockets insist on that. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Does not stop at the first difference. Lengths are not secret anywhere in the protocol. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  a.forEach((byte, i) => {
    difference |= byte ^ (b[i] ?? 0);
  });
  return difference === 0;
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.reduce((seen, byte) => seen | byte, 0) === 0;
}

export function wipe(...arrays: readonly Uint8Array[]): void {
  for (const array of arrays) array.fill(0);
}

export function uint8(value: number): Bytes {
  return unsigned(1, BigInt(value));
}

export function uint16(value: number): Bytes {
  return unsigned(2, BigInt(value));
}

export function uint32(value: number): Bytes {
  return unsigned(4, BigInt(value));
}

export function uint64(value: bigint): Bytes {
  return unsigned(8, value);
}

function unsigned(size: number, value: bigint): Bytes {
  if (value < 0n || value >= 1n << BigInt(8 * size)) throw new RangeError(`not an integer of ${size} bytes`);
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn));
}

/**
 * Reads the fields of a fixed-size structure in order. Callers have compared its size already, so running
 * out of bytes is an error of ours and not of a peer.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A copy, so that wiping it and wiping the source are two things. */
  take(length: number): Bytes {
    if (this.#at + length > this.#bytes.length) throw new RangeError("structure is shorter than its fields");
    const taken = new Uint8Array(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return taken;
  }

  uint8(): number {
    return Number(this.#unsigned(1));
  }

  uint16(): number {
    return Number(this.#unsigned(2));
  }

  uint32(): number {
    return Number(this.#unsigned(4));
  }

  uint64(): bigint {
    return this.#unsigned(8);
  }

  #unsigned(size: number): bigint {
    return this.take(size).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }
}

/** Throws a TypeError on anything that is not UTF-8; keeps a byte order mark, for it is part of the text. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Lone surrogates have no UTF-8; TextEncoder would silently change them, so they throw. */
export function encodeUtf8(text: string): Bytes {
  if (!isWellFormed(text)) throw new TypeError("text has a lone surrogate");
  return new TextEncoder().encode(text);
}

export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(hex: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw new TypeError("not lower-case hex");
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let heldBits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    heldBits += 8;
    while (heldBits >= 6) {
      heldBits -= 6;
      text += BASE64URL.charAt((held >> heldBits) & 63);
    }
  }
  return heldBits === 0 ? text : text + BASE64URL.charAt((held << (6 - heldBits)) & 63);
}

/** RFC 4648 section 5 and nothing beside it: one text for each byte string. */
export function fromBase64url(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new TypeError("not base64url");
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let at = 0;
  let held = 0;
  let heldBits = 0;
  for (const character of text) {
    held = ((held << 6) | BASE64URL.indexOf(character)) & 0xffff;
    heldBits += 6;
    if (heldBits >= 8) {
      heldBits -= 8;
      bytes[at] = held >> heldBits;
      at += 1;
    }
  }
  if ((held & ((1 << heldBits) - 1)) !== 0) throw new TypeError("not base64url: trailing bits");
  return bytes;
}
