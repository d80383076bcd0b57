// The entropy-coded data of one scan. They are followed block by block to find where they end, since bytes may stand
// between the last block and the next marker, and no viewer shows them.

import { type Bytes, concat } from "../../protocol/bytes.ts";
import { check } from "./errors.ts";
import type { Input } from "./input.ts";
import { Bits } from "./jpeg-bits.ts";
import { type BlockCodes, Blocks, type Spectrum } from "./jpeg-blocks.ts";
import type { Report } from "./removed.ts";

const RST0 = 0xd0;
const RST7 = 0xd7;

/** A component's blocks: how many there are, and in each unit. */
export interface Grid {
  readonly across: number;
  readonly down: number;
  /** In an interleaved scan's unit. */
  readonly unitAcross: number;
  readonly unitDown: number;
  readonly stride: number;
  /** 64 for each block, of a progressive picture. */
  readonly values: Uint8Array;
}

export interface Scan extends Spectrum {
  readonly components: readonly { readonly grid: Grid; readonly codes: BlockCodes }[];
  /** Of an interleaved scan. */
  readonly unitsAcross: number;
  readonly unitsDown: number;
  /** Units between restart markers, or 0. */
  readonly interval: number;
}

export function scanData(input: Input, scan: Scan, report: Report): Bytes {
  const [only] = scan.components;
  const isAlone = scan.components.length === 1 && only !== undefined;
  const across = isAlone ? only.grid.across : scan.unitsAcross;
  const units = across * (isAlone ? only.grid.down : scan.unitsDown);
  const parts: Uint8Array[] = [];
  for (let done = 0, restarts = 0; done < units; restarts += 1) {
    const until = scan.interval === 0 ? units : Math.min(units, done + scan.interval);
    const bits = new Bits(input.bytes, input.at);
    const blocks = new Blocks(bits, scan);
    for (; done < until; done += 1) {
      const [row, column] = [Math.floor(done / across), done % across];
      if (isAlone) blocks.skip(only.codes, valuesOf(only.grid, row, column));
      else skipUnit(blocks, scan, row, column);
    }
    parts.push(input.take(bits.end - input.at));
    const marker = markerAhead(input, report);
    if (done < units) {
      check(marker === RST0 + (restarts % 8));
      input.at += 2;
      parts.push(Uint8Array.of(0xff, marker));
    } else check(marker < RST0 || marker > RST7);
  }
  return concat(...parts);
}

function skipUnit(blocks: Blocks, scan: Scan, row: number, column: number): void {
  for (const { grid, codes } of scan.components) {
    for (let y = row * grid.unitDown; y < (row + 1) * grid.unitDown; y += 1) {
      for (let x = column * grid.unitAcross; x < (column + 1) * grid.unitAcross; x += 1) {
        blocks.skip(codes, valuesOf(grid, y, x));
      }
    }
  }
}

function valuesOf({ values, stride }: Grid, row: number, column: number): Uint8Array {
  const at = 64 * (row * stride + column);
  return values.length === 0 ? values : values.subarray(at, at + 64);
}

/** The next marker, with the input just before it. */
function markerAhead(input: Input, report: Report): number {
  const { bytes } = input;
  let at = bytes.indexOf(0xff, input.at);
  while (at >= 0 && (bytes[at + 1] === 0 || bytes[at + 1] === 0xff)) at = bytes.indexOf(0xff, at + 1);
  const marker = bytes[at + 1];
  check(at >= 0 && marker !== undefined);
  if (bytes.subarray(input.at, at).some((byte) => byte !== 0xff)) report.add("trailing");
  input.at = at;
  return marker;
}
