import { describe, expect, it } from "vitest";
import { encodeUtf8, fromHex, toHex } from "./bytes.ts";
import { type ConsultationRecord, decodeRecord, encodeRecord, RECORD_TYPE } from "./record.ts";
import { codeOf, issueLink, issueLinkText } from "./testing.ts";

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
  [9, "01000168" + "2d2069", { type: "card", kind: "checklist", title: "h", body: "- i" }],
  [9, "0200026869" + "61", { type: "card", kind: "leaflet", title: "hi", body: "a" }],
  [9, "030002d18f" + "d18f", { type: "card", kind: "referral", title: "я", body: "я" }],
  [10, toHex(issueLink()), { type: "return_link", linkText: issueLinkText() }],
  [11, "01", { type: "end_proposal" }],
  [12, "01", { type: "end_declined" }],
  [13, "2801", { type: "survey", question: "helped", answer: "yes" }],
  [13, "2902", { type: "survey", question: "respected", answer: "partly" }],
  [13, "2a03", { type: "survey", question: "would_return", answer: "no" }],
  [14, "00010400000064", { type: "file_offer", file: 1, kind: "pdf", size: 100 }],
  [14, "00010500075300", { type: "file_offer", file: 1, kind: "voice", size: 480_000 }],
  [15, "000201", { type: "file_reply", file: 2, reply: "send" }],
  [15, "000203", { type: "file_reply", file: 2, reply: "received" }],
  [16, "0001ff00", { type: "file_part", file: 1, data: Uint8Array.of(0xff, 0) }],
  [17, "0103", { type: "file_withdrawn", file: 259 }],
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

  it("hold a card's title of 1 to 480 bytes, and its body of 1 to 16,000", () => {
    const codeWith = (title: string, body: string): string =>
      codeOf(() => decodeRecord(encodeRecord({ type: "card", kind: "leaflet", title, body })));
    expect(codeWith("я".repeat(240), "я".repeat(8000))).toBe("accepted");
    expect(codeWith(`${"я".repeat(240)}!`, "a")).toBe("malformed");
    expect(codeWith("a", `${"я".repeat(8000)}!`)).toBe("malformed");
    expect(codeWith("", "a")).toBe("malformed");
    expect(codeWith("a", "")).toBe("malformed");
    expect(codeWith("\ud83d", "a")).toBe("malformed");
  });

  it("that are longer or shorter than their type are refused", () => {
    const ofAnyLength: readonly number[] = [RECORD_TYPE.text, RECORD_TYPE.card, RECORD_TYPE.file_part];
    for (const [recordType, hex] of ANNOTATED.filter(([number]) => !ofAnyLength.includes(number))) {
      for (const wrong of [`${hex}01`, hex.slice(2)]) {
        expect(codeOf(() => decodeRecord({ recordType, body: fromHex(wrong) }))).toBe("malformed");
      }
    }
  });

  it("that a peer made wrongly are refused", () => {
    const malformed = [
      { recordType: 0, body: fromHex("") },
      { recordType: 9, body: fromHex("0100") },
      { recordType: 9, body: fromHex("00000161" + "61") },
      { recordType: 9, body: fromHex("04000161" + "61") },
      { recordType: 9, body: fromHex("010000" + "61") },
      { recordType: 9, body: fromHex("01000161") },
      { recordType: 9, body: fromHex("01000361" + "61") },
      { recordType: 9, body: fromHex("010001ff" + "61") },
      { recordType: 9, body: fromHex("01000161" + "ff") },
      { recordType: 9, body: fromHex(`0101e1${"61".repeat(481)}61`) },
      { recordType: 9, body: fromHex(`01000161${"61".repeat(16_001)}`) },
      { recordType: 10, body: issueLink({ kind: 2 }) },
      { recordType: 10, body: issueLink({ kind: 3 }) },
      { recordType: 10, body: new Uint8Array(153) },
      { recordType: 11, body: fromHex("02") },
      { recordType: 12, body: fromHex("00") },
      { recordType: 13, body: fromHex("2701") },
      { recordType: 13, body: fromHex("2b01") },
      { recordType: 13, body: fromHex("2800") },
      { recordType: 13, body: fromHex("2804") },
      { recordType: 14, body: fromHex("00010000000064") },
      { recordType: 14, body: fromHex("00010600000064") },
      { recordType: 14, body: fromHex("00010500075301") },
      { recordType: 14, body: fromHex("00010400000000") },
      { recordType: 14, body: fromHex("00010400a00001") },
      { recordType: 15, body: fromHex("000100") },
      { recordType: 15, body: fromHex("000104") },
      { recordType: 16, body: fromHex("0001") },
      { recordType: 16, body: fromHex(`0001${"61".repeat(15_679)}`) },
      { recordType: 18, body: fromHex("01") },
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
