// The entropy-coded data of one scan: bytes up to the next marker, and restart markers in their order.

import type { Bytes } from "../../protocol/bytes.ts";
import { check } from "./errors.ts";
import type { Input } from "./input.ts";

const RST0 = 0xd0;
const RST7 = 0xd7;

export function scanData(input: Input, interval: number): Bytes {
  const bytes = input.bytes;
  const begin = input.at;
  let restarts = 0;
  let at = bytes.indexOf(0xff, begin);
  for (;;) {
    check(at >= 0 && at + 1 < bytes.length);
    const next = bytes[at + 1] ?? 0;
    if (next >= RST0 && next <= RST7) {
      check(interval > 0 && next === RST0 + (restarts % 8));
      restarts += 1;
    } else if (next !== 0) break;
    at = bytes.indexOf(0xff, at + 2);
  }
  input.at = at;
  return new Uint8Array(bytes.subarray(begin, at));
}
