// The bytes of a file as they lie there, and what is packed in them by the ways that browsers pack.

import { constants, inflateRawSync } from "node:zlib";

const MOZ_LZ4 = Buffer.from("mozLz40\0");
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * Covered: Firefox's session files (LZ4), and gzip wherever it begins in a file. Not covered: brotli and zstd, which
 * nothing marks where they begin, and snappy, with which databases pack: a word that occurs once lies open in it.
 */
export function unpacked(bytes: Buffer): readonly Buffer[] {
  const isSession = bytes.subarray(0, MOZ_LZ4.length).equals(MOZ_LZ4);
  return [bytes, ...(isSession ? [mozLz4(bytes)] : []), ...gzipped(bytes)];
}

function mozLz4(bytes: Buffer): Buffer {
  const block = bytes.subarray(MOZ_LZ4.length + 4);
  return lz4Block(block, bytes.readUInt32LE(MOZ_LZ4.length));
}

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
export function lz4Block(block: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  let from = 0;
  let to = 0;
  const lengthOf = (nibble: number): number => {
    let sum = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; from += 1) {
      more = block.readUInt8(from);
      sum += more;
    }
    return sum;
  };
  while (from < block.length) {
    const token = block.readUInt8(from);
    from += 1;
    const literals = lengthOf(token >> 4);
    to += block.copy(out, to, from, from + literals);
    from += literals;
    // The last sequence has no match.
    if (from >= block.length) break;
    const offset = block.readUInt16LE(from);
    from += 2;
    // A match may reach into what it writes.
    for (let left = lengthOf(token & 15) + 4; left > 0; left -= 1, to += 1) out[to] = out[to - offset] ?? 0;
  }
  if (to !== length) throw new Error(`LZ4: ${to} bytes, not ${length}`);
  return out;
}

function gzipped(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      // Not gunzip, which refuses what is followed by something else.
      const packed = bytes.subarray(at + gzipHeaderLength(bytes.subarray(at)));
      found.push(inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // Three bytes that happened to stand there.
    }
  }
  return found.filter(({ length }) => length > 0);
}

/** RFC 1952, section 2.3: ten bytes, and what its flags say that follows. */
function gzipHeaderLength(bytes: Buffer): number {
  const flags = bytes.readUInt8(3);
  let length = 10;
  if (flags & 4) length += 2 + bytes.readUInt16LE(length);
  for (const text of [8, 16]) if (flags & text) length = bytes.indexOf(0, length) + 1;
  if (flags & 2) length += 2;
  return length;
}
