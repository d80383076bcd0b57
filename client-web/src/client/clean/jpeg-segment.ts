// A segment of a JPEG: marker, length, body.

import { type Bytes, concat, uint16 } from "../../protocol/bytes.ts";

export function segment(marker: number, body: Uint8Array): Bytes {
  return concat(Uint8Array.of(0xff, marker), uint16(body.length + 2), body);
}
