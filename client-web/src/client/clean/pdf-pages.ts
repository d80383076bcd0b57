// The pages of a PDF, each with what it has from the tree above it (ISO 32000-1, 7.7.3).

import { CleanError, check } from "./errors.ts";
import type { PdfFile } from "./pdf-file.ts";
import { type Dict, isArray, Ref, type Value } from "./pdf-values.ts";

export type Page = Dict;

const PAGES_MAX = 500;
const DEPTH_MAX = 32;
const INHERITED = ["Resources", "MediaBox", "CropBox", "Rotate"];

export function readPages(file: PdfFile, catalog: Dict): readonly Page[] {
  const pages: Page[] = [];
  const seen = new Set<number>();
  const visit = (value: Value | undefined, above: Dict, depth: number): void => {
    check(depth <= DEPTH_MAX);
    const own = file.dict(value);
    if (own === undefined) return;
    const kids = file.resolve(own.get("Kids"));
    if (isArray(kids)) {
      // A tree that comes back to itself has no end.
      check(!(value instanceof Ref && seen.has(value.number)));
      if (value instanceof Ref) seen.add(value.number);
      const handedDown = new Map([...above, ...[...own].filter(([key]) => INHERITED.includes(key))]);
      for (const kid of kids) visit(kid, handedDown, depth + 1);
      return;
    }
    pages.push(new Map([...above, ...own]));
    if (pages.length > PAGES_MAX) throw new CleanError("too_large");
  };
  visit(catalog.get("Pages"), new Map(), 0);
  return pages;
}
