import { describe, expect, it } from "vitest";
import { seal } from "./aead.ts";
import { concat, fromHex, toHex, uint64 } from "./bytes.ts";
import {
  CELL_DATA_MAX,
  type CellContent,
  CellError,
  handshakeFromCells,
  handshakeToCells,
  openCell,
  SEQUENCE_LIMIT,
  sealCell,
  sequenceOf,
} from "./cell.ts";
import { damaged } from "./testing.ts";

const key = new Uint8Array(32).fill(0x42);
const content: CellContent = {
  acknowledged: 3n,
  selective: 0n,
  recordType: 1,
  more: false,
  data: Uint8Array.of(0x68, 0x69),
};

function codeOf(cell: Uint8Array): string {
  try {
    openCell(key, cell);
  } catch (error) {
    return error instanceof CellError ? error.code : String(error);
  }
  return "accepted";
}

/** Seals any 1,000 bytes, as a peer that breaks the rules would. */
const codeOfPlaintext = (hex: string): string =>
  codeOf(concat(uint64(2n), seal(key, 2n, concat(fromHex(hex), new Uint8Array(1000 - hex.length / 2)))));

const COUNTERS = "0000000000000003" + "0000000000000000"; // acknowledged, selective

describe("a cell", () => {
  it("has 1,024 bytes and says its sequence aloud", () => {
    const cell = sealCell(key, 0x01020304n, content);
    expect(cell).toHaveLength(1024);
    expect(toHex(cell.subarray(0, 8))).toBe("0000000001020304");
    expect(sequenceOf(cell)).toBe(0x01020304n);
    expect(openCell(key, cell)).toEqual(content);
  });

  it("seals exactly these 1,000 bytes", () => {
    const plaintext = concat(
      fromHex(COUNTERS),
      fromHex("01"), // record_type: text
      fromHex("00"), // more
      fromHex("0002"), // length
      fromHex("6869"), // data: "hi"
      new Uint8Array(978),
    );
    expect(sealCell(key, 2n, content)).toEqual(concat(uint64(2n), seal(key, 2n, plaintext)));
  });

  it("is refused with any byte damaged", () => {
    for (const { at, bytes } of damaged(sealCell(key, 2n, content))) {
      expect(codeOf(bytes), `byte ${at}`).toBe("refused");
    }
  });

  it("is refused longer or shorter", () => {
    const cell = sealCell(key, 2n, content);
    for (const bytes of [cell.subarray(1), concat(cell, Uint8Array.of(0)), new Uint8Array(0)]) {
      expect(codeOf(bytes)).toBe("malformed");
    }
  });

  it("is not sealed with a number of the handshake, or past the limit", () => {
    expect(sequenceOf(sealCell(key, SEQUENCE_LIMIT - 1n, content))).toBe(SEQUENCE_LIMIT - 1n);
    for (const sequence of [0n, 1n, SEQUENCE_LIMIT]) {
      expect(() => sealCell(key, sequence, content)).toThrow(RangeError);
    }
    const data = new Uint8Array(CELL_DATA_MAX + 1);
    expect(() => sealCell(key, 2n, { ...content, data })).toThrow(RangeError);
  });

  it("is refused sealed well, but against the rules", () => {
    const full = "aa".repeat(980);
    expect(codeOfPlaintext(`${COUNTERS}01000002aaaa`)).toBe("accepted");
    expect(codeOfPlaintext(`${COUNTERS}010103d4${full}`)).toBe("accepted");
    expect(codeOfPlaintext(`${COUNTERS}01000001aaaa`), "padding").toBe("malformed");
    expect(codeOfPlaintext(`${COUNTERS}010003d5${full}`), "length 981").toBe("malformed");
    expect(codeOfPlaintext(`${COUNTERS}010103d3${full.slice(2)}`), "more, not full").toBe("malformed");
    expect(codeOfPlaintext(`${COUNTERS}010203d4${full}`), "more 2").toBe("malformed");
  });

  it("is refused empty with anything in it", () => {
    expect(codeOfPlaintext(`${COUNTERS}00000000`)).toBe("accepted");
    expect(codeOfPlaintext(`${COUNTERS}00000001aa`)).toBe("malformed");
    expect(codeOfPlaintext(`${COUNTERS}00000001`)).toBe("malformed");
    expect(codeOfPlaintext(`${COUNTERS}000103d4${"aa".repeat(980)}`)).toBe("malformed");
  });
});

describe("a handshake message", () => {
  const message = Uint8Array.from({ length: 2032 }, (_, i) => i % 251);

  it("travels as cells 0 and 1", () => {
    const cells = handshakeToCells(message);
    expect(toHex(cells.subarray(0, 8))).toBe("0000000000000000");
    expect(toHex(cells.subarray(1024, 1032))).toBe("0000000000000001");
    expect(handshakeFromCells(cells)).toEqual(message);
  });

  it("is refused with another size or other numbers", () => {
    const cells = handshakeToCells(message);
    expect(() => handshakeFromCells(cells.subarray(1))).toThrow(CellError);
    for (const at of [0, 7, 1024, 1031]) {
      const other = concat(cells);
      other[at] = 2;
      expect(() => handshakeFromCells(other)).toThrow(CellError);
    }
    expect(() => handshakeToCells(message.subarray(1))).toThrow(RangeError);
  });
});
