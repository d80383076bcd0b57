import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FILE_MAX_BYTES } from "../../protocol/file.ts";
import { CleanError, type CleanErrorCode, cleanFile } from "./clean.ts";
import { orientationOnly } from "./exif.ts";
import { find } from "./input.ts";
import { bytesOf, ENTRIES, type Entry, search } from "./testing.ts";

/** Without its end, that file is its earlier version, whose text is no metadata but the page. */
const TWO_DOCUMENTS = "pdf/revision.pdf";
const CLEANABLE = ENTRIES.filter(
  ({ file, expect: kind }) => ["jpeg", "png", "webp", "pdf"].includes(kind) && file !== TWO_DOCUMENTS,
);

function entryOf(file: string): Entry {
  const entry = ENTRIES.find((one) => one.file === file);
  if (entry === undefined) throw new RangeError(file);
  return entry;
}

async function codeOf(bytes: Uint8Array): Promise<CleanErrorCode | undefined> {
  try {
    await cleanFile(bytes);
    return undefined;
  } catch (error) {
    // Anything else is a hole in the rules, and fails the test.
    if (!(error instanceof CleanError)) throw error;
    return error.code;
  }
}

/** From a scan's marker to the end. */
function scanOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.subarray(find(bytes, "\xff\xda")));
}

describe("cleaning", () => {
  it("leaves a photograph's picture as it is, byte for byte", async () => {
    for (const name of ["baseline", "grey", "cmyk", "rgb", "restart"]) {
      const bytes = bytesOf(entryOf(`jpeg/tool-${name}.jpg`));
      const cleaned = await cleanFile(bytes);
      expect(scanOf(cleaned.bytes).equals(scanOf(bytes)), name).toBe(true);
    }
  });

  it("keeps which way up a photograph is, and nothing else of its EXIF", async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { bytes } = await cleanFile(bytesOf(entryOf(`jpeg/orientation-${orientation}.jpg`)));
      const at = find(bytes, "Exif\0\0");
      if (orientation === 1) expect(at).toBe(-1);
      else expect(bytes.slice(at + 6, at + 32)).toEqual(orientationOnly(orientation));
    }
  });

  it("says that there was nothing, where there was nothing", async () => {
    for (const file of ["jpeg/plain-baseline.jpg", "png/plain-rgb.png", "webp/plain-lossy.webp"]) {
      expect((await cleanFile(bytesOf(entryOf(file)))).removed, file).toEqual([]);
    }
  });

  it("refuses what is too large before it looks at it", async () => {
    expect(await codeOf(new Uint8Array(FILE_MAX_BYTES + 1))).toBe("too_large");
    expect(await codeOf(new Uint8Array(FILE_MAX_BYTES))).toBe("unknown_kind");
  });

  it("needs a view of the bytes, not a buffer of their own", async () => {
    const bytes = bytesOf(entryOf("jpeg/tool-baseline.jpg"));
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    const view = larger.subarray(7, 7 + bytes.length);
    expect((await cleanFile(view)).bytes).toEqual((await cleanFile(bytes)).bytes);
  });
});

describe("a browser without CompressionStream", () => {
  afterEach(() => void vi.unstubAllGlobals());

  it("cleans photographs, and says of the rest that it cannot", async () => {
    vi.stubGlobal("CompressionStream", undefined);
    expect(await codeOf(bytesOf(entryOf("jpeg/tool-baseline.jpg")))).toBeUndefined();
    expect(await codeOf(bytesOf(entryOf("webp/tool-lossy.webp")))).toBeUndefined();
    expect(await codeOf(bytesOf(entryOf("png/tool-rgb.png")))).toBe("unsupported");
    expect(await codeOf(bytesOf(entryOf("pdf/reportlab.pdf")))).toBe("unsupported");
  });
});

describe("a PDF that unpacks to more than a phone can hold", () => {
  it("is refused", async () => {
    const head = Buffer.from(
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
        "3 0 obj<</Type/Page/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode>>\nstream\n",
    );
    const { deflateSync } = await import("node:zlib");
    const bomb = deflateSync(new Uint8Array(65 * 1024 * 1024));
    const tail = Buffer.from("\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
    expect(await codeOf(Buffer.concat([head, bomb, tail]))).toBe("too_large");
  });
});

describe("a PDF whose keys are called like what every object has", () => {
  it("is cleaned, and only known words are said of it", async () => {
    const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
    const strange = names.map((name) => `/${name} (PLANTED-strange)`).join("");
    const file =
      `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R ${strange}>>endobj\n` +
      `2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/MediaBox[0 0 9 9]${strange}` +
      `/Annots[<</Subtype/constructor>>]/Contents 5 0 R>>endobj\n4 0 obj<<${strange}>>endobj\n` +
      "5 0 obj<<>>stream\nBI /CS /constructor /W 1 /H 1 /BPC 8 ID x\nEI\nendstream endobj\n" +
      "trailer<</Root 1 0 R/Info 4 0 R>>\n%%EOF\n";
    const { removed, bytes } = await cleanFile(Buffer.from(file));
    expect(removed).toEqual(["other"]);
    expect(search(["PLANTED-"], bytes)).toEqual([]);
  });
});

const RUNS = 400;

describe("whatever the bytes", () => {
  it("a bent, cut or mixed file is cleaned of its marks or refused, and a clean one is clean", {
    timeout: 120_000,
  }, async () => {
    const entry = fc.constantFrom(...CLEANABLE);
    const bends = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });
    const cut = fc.option(fc.nat(), { freq: 3 });
    await fc.assert(
      fc.asyncProperty(entry, bends, cut, async (one, changes, end) => {
        const bytes = bytesOf(one);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const bent = end === null ? bytes : bytes.subarray(0, end % bytes.length);
        if ((await codeOf(bent)) !== undefined) return;
        const cleaned = await cleanFile(bent);
        expect(search(["PLANTED-"], cleaned.bytes)).toEqual([]);
        const again = await cleanFile(cleaned.bytes);
        expect(again.removed).toEqual([]);
        expect(Buffer.from(again.bytes).equals(Buffer.from(cleaned.bytes))).toBe(true);
      }),
      { numRuns: RUNS, seed: 8 },
    );
  });

  it("noise behind any head throws nothing but a refusal", async () => {
    const heads = [
      "\xff\xd8\xff",
      "\x89PNG\r\n\x1a\n",
      "RIFF\x10\0\0\0WEBP",
      "%PDF-1.7\n",
      "\0\0\0\x18ftypheic",
      "",
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), async (head, noise) => {
        expect(await codeOf(Buffer.concat([Buffer.from(head, "latin1"), noise]))).toBeDefined();
      }),
      { numRuns: RUNS, seed: 8 },
    );
  });
});
