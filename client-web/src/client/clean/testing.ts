// For tests: the corpus, and a search that finds a mark however it lies in a file.

import { readFileSync } from "node:fs";
import { constants, inflateSync } from "node:zlib";
import { fromHex } from "../../protocol/bytes.ts";

export interface Entry {
  readonly file: string;
  /** A kind, the code of a refusal, or `any`. */
  readonly expect: string;
  readonly marks: readonly string[];
  readonly removed: readonly string[];
}

const CORPUS = new URL("../../../corpus/", import.meta.url);

export const ENTRIES: readonly Entry[] = JSON.parse(readFileSync(new URL("manifest.json", CORPUS), "utf8"));

export function bytesOf(entry: Entry): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(entry.file, CORPUS)));
}

/** The bytes themselves, and all that they hold in packed form, wherever packed data may begin. */
export function views(bytes: Uint8Array): readonly Buffer[] {
  const whole = Buffer.from(bytes);
  const found = [whole];
  for (let at = whole.indexOf(0x78); at >= 0; at = whole.indexOf(0x78, at + 1)) {
    if ((((whole[at] ?? 0) << 8) | (whole[at + 1] ?? 1)) % 31 !== 0) continue;
    try {
      found.push(inflateSync(whole.subarray(at), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // Was none, after all.
    }
  }
  return found;
}

function forms(mark: string): readonly Buffer[] {
  if (mark.startsWith("hex:")) return [Buffer.from(fromHex(mark.slice(4)))];
  const little = Buffer.from(mark, "utf16le");
  return [
    Buffer.from(mark, "latin1"),
    little,
    Buffer.from(little).swap16(),
    Buffer.from(mark).toString("hex"),
  ].map((form) => Buffer.from(form));
}

/** The marks that are there. */
export function search(marks: readonly string[], bytes: Uint8Array): readonly string[] {
  const all = views(bytes);
  return marks.filter((mark) => forms(mark).some((form) => all.some((view) => view.includes(form))));
}
