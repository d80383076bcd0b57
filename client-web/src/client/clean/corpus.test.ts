import { describe, expect, it } from "vitest";
import { CleanError, type Cleaned, cleanFile } from "./clean.ts";
import { bytesOf, ENTRIES, search } from "./testing.ts";

const KINDS = ["jpeg", "png", "webp", "pdf"];
/** No mark of any file is without this, so it finds those that nobody listed. */
const ANY_MARK = "PLANTED-";

async function outcome(bytes: Uint8Array): Promise<Cleaned | string> {
  try {
    return await cleanFile(bytes);
  } catch (error) {
    if (!(error instanceof CleanError)) throw error;
    return error.code;
  }
}

describe("the corpus", () => {
  it("is large, and of every kind", () => {
    expect(ENTRIES.length).toBeGreaterThan(200);
    for (const kind of [...KINDS, "heic", "protected", "damaged", "video", "unsupported"]) {
      expect(ENTRIES.some((entry) => entry.expect === kind)).toBe(true);
    }
  });
});

describe.each(ENTRIES)("$file", (entry) => {
  it("holds what is planted in it", () => {
    expect(search(entry.marks, bytesOf(entry))).toEqual(entry.marks);
  });

  it(`comes to ${entry.expect}, and holds none of it any more`, async () => {
    const result = await outcome(bytesOf(entry));
    if (entry.expect !== "any") expect(typeof result === "string" ? result : result.kind).toBe(entry.expect);
    if (typeof result === "string") return;
    expect(search([...entry.marks, ANY_MARK], result.bytes)).toEqual([]);
    expect(result.removed).toEqual(expect.arrayContaining([...entry.removed]));
    const again = await cleanFile(result.bytes);
    expect(again.removed).toEqual([]);
    expect(Buffer.from(again.bytes).equals(Buffer.from(result.bytes))).toBe(true);
  });
});
