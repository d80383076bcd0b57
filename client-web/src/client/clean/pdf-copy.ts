// Copies a PDF's values by their shapes: what no shape names stays behind.

import { CleanError, check } from "./errors.ts";
import { cleanJpeg } from "./jpeg.ts";
import { copyColour } from "./pdf-colour.ts";
import { rewriteContent, rewriteTokens } from "./pdf-content.ts";
import type { Dropped } from "./pdf-dropped.ts";
import type { PdfFile } from "./pdf-file.ts";
import { SHAPES, type ShapeName } from "./pdf-shapes.ts";
import { type Dict, isArray, isDict, Name, nameOf, Ref, Stream, type Value } from "./pdf-values.ts";
import type { PdfWriter } from "./pdf-writer.ts";

const DEPTH_MAX = 32;
const VALUES_MAX = 2_000_000;

interface Waiting {
  readonly number: number;
  readonly value: Dict | Stream;
  readonly shape: ShapeName;
}

export class Copier {
  readonly #file: PdfFile;
  readonly #dropped: Dropped;
  readonly #writer: PdfWriter;
  /** New numbers by old number and shape. */
  readonly #known = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #values = 0;

  constructor(file: PdfFile, dropped: Dropped, writer: PdfWriter) {
    this.#file = file;
    this.#dropped = dropped;
    this.#writer = writer;
  }

  /** Undefined for what is not to be copied. Objects are only promised here, and copied by `finish`. */
  copy(value: Value, shape: ShapeName, depth = 0): Value | undefined {
    this.#values += 1;
    if (this.#values > VALUES_MAX) throw new CleanError("too_large");
    check(depth <= DEPTH_MAX);
    const resolved = this.#file.resolve(value);
    if (shape === "Colour")
      return copyColour(resolved, this.#file, this.#dropped, (one, of) => this.copy(one, of, depth + 1));
    if (isArray(resolved)) return resolved.map((one) => this.copy(one, shape, depth + 1) ?? null);
    if (resolved instanceof Uint8Array) return shape === "Text" ? resolved : undefined;
    if (resolved instanceof Stream || isDict(resolved)) {
      if (value instanceof Ref) return this.#object(value.number, resolved, shape);
      return isDict(resolved) ? this.dict(resolved, shape, depth) : undefined;
    }
    return typeof resolved === "number" || typeof resolved === "boolean" || resolved instanceof Name
      ? resolved
      : undefined;
  }

  #object(number: number, value: Dict | Stream, shape: ShapeName): Ref | undefined {
    const own = shapeOf(value, shape);
    if (own === undefined) return undefined;
    const key = `${number} ${own}`;
    const known = this.#known.get(key);
    if (known !== undefined) return new Ref(known);
    const fresh = this.#writer.number();
    this.#known.set(key, fresh);
    this.#waiting.push({ number: fresh, value, shape: own });
    return new Ref(fresh);
  }

  dict(dict: Dict, shape: ShapeName, depth = 0): Dict | undefined {
    if (shape.startsWith("*")) return this.#named(dict, shape.slice(1) as ShapeName, depth);
    const keys = SHAPES.get(shape);
    if (keys === undefined) return undefined;
    const copied = new Map<string, Value>();
    for (const [key, value] of dict) {
      const of = keys.get(key);
      if (of === undefined) this.#dropped.key(key, value);
      else this.#put(copied, key, value, of, depth);
    }
    return copied;
  }

  /** Resources, whose names are the content's. */
  #named(dict: Dict, shape: ShapeName, depth: number): Dict {
    const copied = new Map<string, Value>();
    for (const [key, value] of dict) {
      // Colour spaces that stand for the device's own; profiles, all of them.
      if (shape !== "Colour" || !key.startsWith("Default")) this.#put(copied, key, value, shape, depth);
    }
    return copied;
  }

  #put(copied: Map<string, Value>, key: string, value: Value, shape: ShapeName, depth: number): void {
    const copy = this.copy(value, shape, depth + 1);
    if (copy !== undefined) copied.set(key, copy);
  }

  async finish(): Promise<void> {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      const { number, value, shape } = next;
      if (value instanceof Stream) await this.#stream(number, value, shape);
      else this.#writer.object(number, this.dict(value, shape) ?? null);
    }
  }

  async #stream(number: number, stream: Stream, shape: ShapeName): Promise<void> {
    const dict = new Map(this.dict(stream.dict, shape) ?? []);
    if (isContent(stream, shape)) {
      const content = rewriteContent(
        this.#file.unpackFully(stream),
        this.#file.filters,
        this.#dropped.report,
      );
      return this.#writer.stream(number, dict, content);
    }
    if (shape === "CMap" || shape === "Encoding" || stream.dict.get("FunctionType") === 4) {
      return this.#writer.stream(
        number,
        dict,
        rewriteTokens(this.#file.unpackFully(stream), this.#dropped.report),
      );
    }
    const { bytes, filter, parameters, hasPredictor } = this.#file.filters.unpack(
      stream.raw,
      stream.dict.get("Filter"),
      stream.dict.get("DecodeParms"),
    );
    const own = this.dict(parameters, "Parameters");
    if (own !== undefined && own.size > 0 && (filter !== "" || hasPredictor)) dict.set("DecodeParms", own);
    if (filter === "") return this.#writer.stream(number, dict, bytes);
    dict.set("Filter", new Name(filter));
    const packed = filter === "DCTDecode" ? cleanJpeg(bytes, this.#dropped.report, false) : bytes;
    return this.#writer.packed(number, dict, packed);
  }
}

/** External objects are pictures or drawings; anything else of that name is not for readers of today. */
function shapeOf(value: Dict | Stream, shape: ShapeName): ShapeName | undefined {
  if (shape === "XObject") {
    const kind = value instanceof Stream ? nameOf(value.dict.get("Subtype")) : "";
    return kind === "Image" || kind === "Form" ? kind : undefined;
  }
  return shape === "Plain" || shape === "Text" ? undefined : shape;
}

function isContent(stream: Stream, shape: ShapeName): boolean {
  return (
    shape === "Content" || shape === "Form" || (shape === "Pattern" && stream.dict.get("PatternType") === 1)
  );
}
