// What the keys say that are not copied, for the person to know.

import type { PdfFile } from "./pdf-file.ts";
import { type Dict, isArray, nameOf, Stream, type Value } from "./pdf-values.ts";
import type { Removed, Report } from "./removed.ts";
import { readText } from "./texts.ts";

// Maps, since a file may call a key by the name of something that every object has.
const REMOVED_BY_KEY = new Map<string, Removed>(
  Object.entries({
    PieceInfo: "other",
    Thumb: "thumbnail",
    Alternates: "thumbnail",
    LastModified: "time",
    AF: "attachments",
    Collection: "attachments",
    OPI: "other",
    AA: "scripts",
    AcroForm: "scripts",
    URI: "scripts",
    Outlines: "other",
    PageLabels: "other",
    Threads: "other",
    StructTreeRoot: "description",
    // Of an Info dictionary.
    Author: "author",
    Creator: "author",
    Producer: "author",
    CreationDate: "time",
    ModDate: "time",
    Title: "description",
    Subject: "description",
    Keywords: "description",
  } as const),
);
const REMOVED_BY_ANNOTATION = new Map<string, Removed>(
  Object.entries({
    FileAttachment: "attachments",
    RichMedia: "attachments",
    Movie: "attachments",
    Sound: "attachments",
    Screen: "attachments",
    "3D": "attachments",
    Link: "scripts",
    Widget: "scripts",
  } as const),
);

export class Dropped {
  readonly #file: PdfFile;
  readonly report: Report;

  constructor(file: PdfFile, report: Report) {
    this.#file = file;
    this.report = report;
  }

  key(key: string, value: Value): void {
    const removed = REMOVED_BY_KEY.get(key);
    if (removed !== undefined) this.report.add(removed);
    else if (key === "Metadata") this.#metadata(value);
    else if (key === "OpenAction") this.#action(value);
    else if (key === "Names") this.#names(value);
  }

  #metadata(value: Value): void {
    const stream = this.#file.resolve(value);
    if (stream instanceof Stream) readText(this.#file.unpackFully(stream), this.report);
  }

  /** Opening at a certain page is nothing to tell of. */
  #action(value: Value): void {
    const action = this.#file.dict(value);
    if (action !== undefined && nameOf(this.#file.resolve(action.get("S"))) !== "GoTo")
      this.report.add("scripts");
  }

  #names(value: Value): void {
    const names = this.#file.dict(value);
    if (names?.has("EmbeddedFiles")) this.report.add("attachments");
    if (names?.has("JavaScript")) this.report.add("scripts");
  }

  info(value: Value | undefined): void {
    for (const [key, one] of this.#file.dict(value) ?? []) {
      if (REMOVED_BY_KEY.get(key) !== undefined) this.key(key, one);
      else if (key !== "Trapped") this.report.add("other");
    }
  }

  annotation(annotation: Dict): void {
    const removed = REMOVED_BY_ANNOTATION.get(nameOf(this.#file.resolve(annotation.get("Subtype"))));
    if (removed !== undefined) this.report.add(removed);
    else if (annotation.has("T")) this.report.add("author");
    if (annotation.has("Contents")) this.report.add("description");
    if (annotation.has("M") || annotation.has("CreationDate")) this.report.add("time");
    if (annotation.has("A") || annotation.has("AA")) this.report.add("scripts");
  }

  /** A layer that is switched off would be seen without the switch, and is not for everybody's eyes with it. */
  hidesLayers(catalog: Dict): boolean {
    const properties = this.#file.dict(catalog.get("OCProperties"));
    const shown = this.#file.dict(properties?.get("D"));
    const off = this.#file.resolve(shown?.get("OFF"));
    const base = nameOf(this.#file.resolve(shown?.get("BaseState")));
    return (isArray(off) && off.length > 0) || base === "OFF";
  }
}
