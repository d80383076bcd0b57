// A PNG's header, and how many bytes its pixels take when unpacked.

import { check } from "./errors.ts";
import { Input } from "./input.ts";

export interface Header {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly channels: number;
  readonly isIndexed: boolean;
  readonly hasAlpha: boolean;
  readonly isInterlaced: boolean;
}

const CHANNELS_BY_COLOUR = [1, 0, 3, 1, 2, 0, 4];
/** Where the seven passes of an interlaced picture begin, and their steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function readHeader(data: Uint8Array): Header {
  const input = new Input(data);
  const width = input.uint32();
  const height = input.uint32();
  const [bits, colour, compression, filter, interlace] = [...input.take(5)];
  const channels = CHANNELS_BY_COLOUR[colour ?? 1] ?? 0;
  check(input.left === 0 && width > 0 && height > 0 && width < 2 ** 31 && height < 2 ** 31 && channels > 0);
  check(compression === 0 && filter === 0 && (interlace === 0 || interlace === 1));
  check(
    bits === 8 ||
      (bits === 16 && colour !== 3) ||
      (channels === 1 && (bits === 1 || bits === 2 || bits === 4)),
  );
  return {
    width,
    height,
    bits,
    channels,
    isIndexed: colour === 3,
    hasAlpha: colour === 4 || colour === 6,
    isInterlaced: interlace === 1,
  };
}

export function pixelBytes(header: Header): number {
  if (!header.isInterlaced) return passBytes(header, header.width, header.height);
  return PASSES.reduce((sum, [left, top, across, down]) => {
    const width = Math.ceil((header.width - left) / across);
    const height = Math.ceil((header.height - top) / down);
    return sum + passBytes(header, width, height);
  }, 0);
}

/** Each row begins with a byte that names its filter. */
function passBytes(header: Header, width: number, height: number): number {
  if (width <= 0 || height <= 0) return 0;
  return height * (1 + Math.ceil((width * header.bits * header.channels) / 8));
}
