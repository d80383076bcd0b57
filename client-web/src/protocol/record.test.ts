import { describe, expect, it } from "vitest";
import { encodeUtf8, fromHex } from "./bytes.ts";
import { decodeRecord, encodeRecord, RecordError } from "./record.ts";

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return error instanceof RecordError ? error.code : String(error);
  }
  return "accepted";
};

describe("records", () => {
  it("round-trip", () => {
    for (const text of ["a", "Привіт", "مرحبا", "\uFEFFкінець\u0000"]) {
      expect(decodeRecord(encodeRecord({ type: "text", text }))).toEqual({ type: "text", text });
    }
    expect(encodeRecord({ type: "close", reason: "ended" })).toEqual({ recordType: 2, body: fromHex("01") });
    expect(decodeRecord({ recordType: 2, body: fromHex("01") })).toEqual({ type: "close", reason: "ended" });
  });

  it("hold 1 to 40,000 bytes of text, counted as UTF-8", () => {
    expect(codeOf(() => encodeRecord({ type: "text", text: "я".repeat(20_000) }))).toBe("accepted");
    expect(codeOf(() => encodeRecord({ type: "text", text: `${"я".repeat(20_000)}!` }))).toBe("too_long");
    expect(codeOf(() => encodeRecord({ type: "text", text: "" }))).toBe("empty");
    expect(codeOf(() => encodeRecord({ type: "text", text: "\ud83d" }))).toBe("malformed");
  });

  it("that a peer made wrongly are refused", () => {
    const malformed = [
      { recordType: 0, body: fromHex("") },
      { recordType: 3, body: fromHex("61") },
      { recordType: 1, body: fromHex("") },
      { recordType: 1, body: encodeUtf8("a".repeat(40_001)) },
      { recordType: 1, body: fromHex("ff") },
      { recordType: 1, body: fromHex("eda080") },
      { recordType: 2, body: fromHex("") },
      { recordType: 2, body: fromHex("02") },
      { recordType: 2, body: fromHex("0101") },
    ];
    for (const record of malformed) expect(codeOf(() => decodeRecord(record))).toBe("malformed");
  });
});
