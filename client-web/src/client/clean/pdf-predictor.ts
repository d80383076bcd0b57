// Undoes the PNG predictors, which cross-reference and object streams are written with (ISO 32000-1, 7.4.4.4).

import { CleanError, check } from "./errors.ts";
import type { Dict } from "./pdf-values.ts";

const PNG_PREDICTORS_FROM = 10;

export function unpredict(bytes: Uint8Array, parameters: Dict): Uint8Array {
  const number = (key: string, otherwise: number) => Number(parameters.get(key) ?? otherwise);
  // TIFF's predictor is for pictures, whose bytes nobody needs to read here.
  if (number("Predictor", 1) < PNG_PREDICTORS_FROM) throw new CleanError("unsupported");
  const bits = number("Colors", 1) * number("BitsPerComponent", 8);
  const step = Math.max(1, Math.ceil(bits / 8));
  const width = Math.ceil((bits * number("Columns", 1)) / 8);
  check(width > 0 && width <= bytes.length + 1);
  const rows = Math.ceil(bytes.length / (width + 1));
  const out = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    const from = bytes.subarray(row * (width + 1), (row + 1) * (width + 1));
    const above = row === 0 ? new Uint8Array(width) : out.subarray((row - 1) * width, row * width);
    undoRow(from, above, out.subarray(row * width, (row + 1) * width), step);
  }
  return out;
}

function undoRow(from: Uint8Array, above: Uint8Array, to: Uint8Array, step: number): void {
  const type = from[0] ?? 0;
  check(type <= 4);
  for (let i = 0; i < to.length; i += 1) {
    const left = to[i - step] ?? 0;
    const up = above[i] ?? 0;
    let guess = 0;
    if (type === 1) guess = left;
    else if (type === 2) guess = up;
    else if (type === 3) guess = (left + up) >> 1;
    else if (type === 4) guess = paeth(left, up, above[i - step] ?? 0);
    to[i] = (from[i + 1] ?? 0) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
