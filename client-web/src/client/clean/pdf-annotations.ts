// Annotations: of each that is drawn on the page, only the drawing is kept. A filled form's fields are such.

import { CleanError } from "./errors.ts";
import type { Copier } from "./pdf-copy.ts";
import type { Dropped } from "./pdf-dropped.ts";
import type { PdfFile } from "./pdf-file.ts";
import { type Dict, isArray, Name, nameOf, Stream, type Value } from "./pdf-values.ts";

const DRAWN = new Set(
  "Widget Stamp FreeText Ink Highlight Underline StrikeOut Squiggly Line Square Circle Polygon PolyLine Caret".split(
    " ",
  ),
);
const FLAG_INVISIBLE = 1;
const FLAG_HIDDEN = 2;
const FLAG_PRINT = 4;
const FLAG_NO_VIEW = 32;

export function copyAnnotations(
  value: Value | undefined,
  file: PdfFile,
  dropped: Dropped,
  copier: Copier,
): Value[] {
  const all = file.resolve(value);
  if (!isArray(all)) return [];
  return all.flatMap((one) => {
    const annotation = file.dict(one);
    if (annotation === undefined) return [];
    const drawing = drawingOf(annotation, file);
    const rectangle = copier.copy(annotation.get("Rect") ?? null, "Plain");
    const appearance = drawing === undefined ? undefined : copier.copy(drawing, "XObject");
    if (!isOurs(annotation)) dropped.annotation(annotation);
    if (appearance === undefined || rectangle === undefined) return [];
    return [
      new Map<string, Value>([
        ["Type", new Name("Annot")],
        // Every viewer draws a stamp as it is given, and asks nothing.
        ["Subtype", new Name("Stamp")],
        ["Rect", rectangle],
        ["F", FLAG_PRINT],
        ["AP", new Map([["N", appearance]])],
      ]),
    ];
  });
}

/** Has no more keys than those above. */
function isOurs(annotation: Dict): boolean {
  return nameOf(annotation.get("Subtype")) === "Stamp" && annotation.size === 5;
}

function drawingOf(annotation: Dict, file: PdfFile): Value | undefined {
  const subtype = nameOf(file.resolve(annotation.get("Subtype")));
  const flags = Number(file.resolve(annotation.get("F")) ?? 0);
  if (!DRAWN.has(subtype) || (flags & (FLAG_INVISIBLE | FLAG_HIDDEN | FLAG_NO_VIEW)) !== 0) return undefined;
  const normal = file.dict(annotation.get("AP"))?.get("N");
  if (file.resolve(normal) instanceof Stream) return normal;
  // A field with states has a drawing for each.
  const state = file.dict(normal)?.get(nameOf(file.resolve(annotation.get("AS"))));
  if (state === undefined && normal === undefined && subtype === "Widget" && isFilled(annotation, file)) {
    // What was filled in was never drawn, and would be lost without a word.
    throw new CleanError("unsupported");
  }
  return state;
}

function isFilled(annotation: Dict, file: PdfFile): boolean {
  const parent = file.dict(annotation.get("Parent"));
  const value = file.resolve(annotation.get("V") ?? parent?.get("V"));
  return value instanceof Uint8Array && value.length > 0;
}
