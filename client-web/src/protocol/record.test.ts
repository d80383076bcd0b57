import { describe, expect, it } from "vitest";
import { encodeUtf8, fromHex, toHex } from "./bytes.ts";
import { type ConsultationRecord, decodeRecord, encodeRecord, RECORD_TYPE } from "./record.ts";
import { codeOf } from "./testing.ts";

const repeated = (byte: string, size: number) => fromHex(byte.repeat(size));

/** Number, body in hex, record. */
const ANNOTATED: readonly (readonly [number, string, ConsultationRecord])[] = [
  [1, "6869", { type: "text", text: "hi" }],
  [2, "01", { type: "close", reason: "ended" }],
  [3, "f0".repeat(1232), { type: "fresh_opening", message: repeated("f0", 1232) }],
  [4, "fa".repeat(1316), { type: "fresh_answer", message: repeated("fa", 1316) }],
  [
    5,
    "5e".repeat(32) + "ce".repeat(132),
    { type: "hand_over", secret: repeated("5e", 32), certificate: repeated("ce", 132) },
  ],
  [6, "01", { type: "hand_over_reply", reply: "agreed" }],
  [6, "02", { type: "hand_over_reply", reply: "declined" }],
  [6, "03", { type: "hand_over_reply", reply: "did_not_come" }],
  [7, "01", { type: "hand_over_withdrawn" }],
  [8, "0000000000000102", { type: "carried_over", receivedBelow: 0x102n }],
];

describe("records", () => {
  it("are written and read as the table says", () => {
    for (const [recordType, hex, record] of ANNOTATED) {
      const encoded = encodeRecord(record);
      expect([encoded.recordType, toHex(encoded.body)]).toEqual([recordType, hex]);
      expect(decodeRecord({ recordType, body: fromHex(hex) })).toEqual(record);
    }
    const shown = new Set(ANNOTATED.map(([recordType]) => recordType));
    expect([...shown]).toEqual(Object.values(RECORD_TYPE));
  });

  it("keep every character", () => {
    for (const text of ["a", "Привіт", "مرحبا", "\uFEFFкінець\u0000"]) {
      expect(decodeRecord(encodeRecord({ type: "text", text }))).toEqual({ type: "text", text });
    }
  });

  it("hold 1 to 40,000 bytes of text, counted as UTF-8", () => {
    expect(codeOf(() => encodeRecord({ type: "text", text: "я".repeat(20_000) }))).toBe("accepted");
    expect(codeOf(() => encodeRecord({ type: "text", text: `${"я".repeat(20_000)}!` }))).toBe("too_long");
    expect(codeOf(() => encodeRecord({ type: "text", text: "" }))).toBe("empty");
    expect(codeOf(() => encodeRecord({ type: "text", text: "\ud83d" }))).toBe("malformed");
  });

  it("that are longer or shorter than their type are refused", () => {
    for (const [recordType, hex] of ANNOTATED.filter(([number]) => number !== RECORD_TYPE.text)) {
      for (const wrong of [`${hex}01`, hex.slice(2)]) {
        expect(codeOf(() => decodeRecord({ recordType, body: fromHex(wrong) }))).toBe("malformed");
      }
    }
  });

  it("that a peer made wrongly are refused", () => {
    const malformed = [
      { recordType: 0, body: fromHex("") },
      { recordType: 9, body: fromHex("61") },
      { recordType: 16, body: fromHex("61") },
      { recordType: 1, body: fromHex("") },
      { recordType: 1, body: encodeUtf8("a".repeat(40_001)) },
      { recordType: 1, body: fromHex("ff") },
      { recordType: 1, body: fromHex("eda080") },
      { recordType: 2, body: fromHex("02") },
      { recordType: 6, body: fromHex("00") },
      { recordType: 6, body: fromHex("04") },
      { recordType: 7, body: fromHex("02") },
    ];
    for (const record of malformed) expect(codeOf(() => decodeRecord(record))).toBe("malformed");
  });
});
