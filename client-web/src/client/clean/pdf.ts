// A PDF, written anew from its pages and what they are drawn with.

import { type Bytes, concat } from "../../protocol/bytes.ts";
import { CleanError, check } from "./errors.ts";
import { find, latin1 } from "./input.ts";
import { copyAnnotations } from "./pdf-annotations.ts";
import { rewriteContent } from "./pdf-content.ts";
import { Copier } from "./pdf-copy.ts";
import { Dropped } from "./pdf-dropped.ts";
import { PdfFile } from "./pdf-file.ts";
import { type Page, readPages } from "./pdf-pages.ts";
import { type Found, readPlaces, searchPlaces } from "./pdf-places.ts";
import { isArray, Name, Ref, Stream, type Value } from "./pdf-values.ts";
import { PdfWriter } from "./pdf-writer.ts";
import type { Report } from "./removed.ts";

const TAIL = /%%EOF\s*$/;
const TAIL_BYTES = 64;
const NEW_LINE = Uint8Array.of(0x0a);

export async function cleanPdf(bytes: Uint8Array, report: Report): Promise<Bytes> {
  const head = find(bytes, "%PDF-");
  const document = bytes.subarray(head);
  if (head > 0 || !TAIL.test(latin1(document.subarray(-TAIL_BYTES)))) report.add("trailing");
  try {
    return await rewrite(document, readPlaces(document), report);
  } catch (error) {
    if (!(error instanceof CleanError) || error.code !== "damaged") throw error;
    // Readers forgive a broken cross-reference, and many a writer relies on it.
    return rewrite(document, searchPlaces(document), report);
  }
}

async function rewrite(bytes: Uint8Array, found: Found, report: Report): Promise<Bytes> {
  if (found.trailer.has("Encrypt")) throw new CleanError("protected");
  const file = new PdfFile(bytes, found.places);
  const dropped = new Dropped(file, report);
  const writer = new PdfWriter();
  const copier = new Copier(file, dropped, writer);
  const catalog = file.dict(found.trailer.get("Root"));
  check(catalog !== undefined);
  if (dropped.hidesLayers(catalog)) throw new CleanError("unsupported");

  const [root, tree] = [writer.number(), writer.number()];
  const kids: Ref[] = [];
  for (const page of readPages(file, catalog)) {
    kids.push(await writePage(page, tree, { file, dropped, writer, copier }));
    // Page by page, so that only one page's objects wait.
    await copier.finish();
  }
  check(kids.length > 0);
  writer.object(
    tree,
    new Map<string, Value>([
      ["Type", new Name("Pages")],
      ["Kids", kids],
      ["Count", kids.length],
    ]),
  );
  writer.object(
    root,
    new Map<string, Value>([
      ["Type", new Name("Catalog")],
      ["Pages", new Ref(tree)],
    ]),
  );

  for (const [key, value] of catalog) dropped.key(key, value);
  dropped.info(found.trailer.get("Info"));
  if (found.trailer.has("ID")) report.add("other");
  if (found.hasHistory) report.add("history");
  if (file.filters.sawTrailing) report.add("trailing");
  if (file.sawComment) report.add("description");
  return writer.finish(root);
}

interface Tools {
  readonly file: PdfFile;
  readonly dropped: Dropped;
  readonly writer: PdfWriter;
  readonly copier: Copier;
}

async function writePage(page: Page, tree: number, { file, dropped, writer, copier }: Tools): Promise<Ref> {
  const [number, content] = [writer.number(), writer.number()];
  const copied = new Map(copier.dict(page, "Page") ?? []);
  copied.set("Type", new Name("Page"));
  copied.set("Parent", new Ref(tree));
  copied.set("Contents", new Ref(content));
  const annotations = copyAnnotations(page.get("Annots"), file, dropped, copier);
  if (annotations.length > 0) copied.set("Annots", annotations);
  writer.object(number, copied);
  await writer.stream(
    content,
    new Map(),
    rewriteContent(contentOf(page, file), file.filters, dropped.report),
  );
  return new Ref(number);
}

/** A page's content may come in parts, which are one. */
function contentOf(page: Page, file: PdfFile): Uint8Array {
  const content = file.resolve(page.get("Contents"));
  const parts = (isArray(content) ? content : [content]).map((part) => file.resolve(part));
  return concat(
    ...parts.flatMap((part) => (part instanceof Stream ? [file.unpackFully(part), NEW_LINE] : [])),
  );
}
