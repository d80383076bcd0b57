// What a text about a picture or document tells: XMP, a PNG's text chunks, IPTC. It is dropped whatever it says;
// this is for the person to know.

import { find, latin1 } from "./input.ts";
import type { Removed, Report } from "./removed.ts";

const SIGNS: readonly (readonly [Removed, RegExp])[] = [
  ["place", /GPS|photoshop:(?:City|Country)|Location/],
  ["camera", /tiff:M(?:ake|odel)|SerialNumber|Lens|^(?:Make|Model)/],
  ["time", /Date|[Tt]ime/],
  ["author", /[Cc]reator|[Aa]uthor|[Aa]rtist|Copyright|rights|Software|Producer|[Oo]wner/],
  ["history", /xmpMM:History|DerivedFrom/],
  ["thumbnail", /[Tt]humbnail|GDepth|GImage|hdrgm/],
];

export function readText(bytes: Uint8Array, report: Report): void {
  const text = latin1(bytes);
  const found = SIGNS.filter(([, sign]) => sign.test(text)).map(([removed]) => removed);
  for (const removed of found) report.add(removed);
  if (found.length === 0) report.add("description");
}

/** Datasets of IPTC's application record. */
const IPTC: readonly (readonly [Removed, string])[] = [
  ["author", "\x1c\x02\x50"],
  ["author", "\x1c\x02\x74"],
  ["place", "\x1c\x02\x5a"],
  ["place", "\x1c\x02\x65"],
  ["time", "\x1c\x02\x37"],
];

export function readPhotoshop(bytes: Uint8Array, report: Report): void {
  report.add("description");
  for (const [removed, sign] of IPTC) if (find(bytes, sign) >= 0) report.add(removed);
  if (find(bytes, "8BIM\x04\x0c") >= 0) report.add("thumbnail");
}
