import { describe, expect, it } from "vitest";
import * as bytes from "./bytes.ts";

describe("integers", () => {
  it("are big-endian", () => {
    expect(bytes.toHex(bytes.uint8(0xab))).toBe("ab");
    expect(bytes.toHex(bytes.uint16(0x0102))).toBe("0102");
    expect(bytes.toHex(bytes.uint32(0xfffefdfc))).toBe("fffefdfc");
    expect(bytes.toHex(bytes.uint64(0x0102030405060708n))).toBe("0102030405060708");
  });

  it("refuse what does not fit", () => {
    for (const value of [-1, 65_536, 0.5, Number.NaN]) expect(() => bytes.uint16(value)).toThrow(RangeError);
    expect(() => bytes.uint64(1n << 64n)).toThrow(RangeError);
  });

  it("are read back in order, and no further than the end", () => {
    const reader = new bytes.Reader(bytes.fromHex("01" + "0203" + "fffefdfc" + "0102030405060708" + "aabb"));
    expect(reader.uint8()).toBe(1);
    expect(reader.uint16()).toBe(0x0203);
    expect(reader.uint32()).toBe(0xfffefdfc);
    expect(reader.uint64()).toBe(0x0102030405060708n);
    expect(reader.take(2)).toEqual(Uint8Array.of(0xaa, 0xbb));
    expect(() => reader.uint8()).toThrow(RangeError);
  });

  it("are read from a copy", () => {
    const source = Uint8Array.of(7);
    const taken = new bytes.Reader(source).take(1);
    bytes.wipe(source);
    expect(taken).toEqual(Uint8Array.of(7));
  });
});

describe("base64url", () => {
  it("is that of RFC 4648, section 10, without padding", () => {
    const vectors = {
      "": "",
      f: "Zg",
      fo: "Zm8",
      foo: "Zm9v",
      foob: "Zm9vYg",
      fooba: "Zm9vYmE",
      foobar: "Zm9vYmFy",
    };
    for (const [plain, text] of Object.entries(vectors)) {
      expect(bytes.toBase64url(bytes.encodeUtf8(plain))).toBe(text);
      expect(bytes.decodeUtf8(bytes.fromBase64url(text))).toBe(plain);
    }
    expect(bytes.fromBase64url("-_-_")).toEqual(Uint8Array.of(0xfb, 0xff, 0xbf));
  });

  it("round-trips every byte at every position", () => {
    for (let byte = 0; byte < 256; byte += 1) {
      for (let length = 1; length <= 4; length += 1) {
        const whole = new Uint8Array(length).fill(byte);
        expect(bytes.fromBase64url(bytes.toBase64url(whole))).toEqual(whole);
      }
    }
  });

  it("refuses padding, other alphabets, spaces, an odd character and trailing bits", () => {
    for (const text of ["Zg==", "+/+/", "Zm 9v", "Zm9v\n", "Z", "Zm9vY", "Zh", "Zm9", "Žg"]) {
      expect(() => bytes.fromBase64url(text), text).toThrow(TypeError);
    }
  });
});

describe("hex", () => {
  it("is lower case", () => {
    expect(bytes.toHex(Uint8Array.of(0, 0x0f, 0xff))).toBe("000fff");
    expect(bytes.fromHex("000fff")).toEqual(Uint8Array.of(0, 0x0f, 0xff));
    for (const text of ["0", "0F", "zz", "00 "]) expect(() => bytes.fromHex(text)).toThrow(TypeError);
  });
});

describe("UTF-8", () => {
  it("is strict both ways and keeps a byte order mark", () => {
    expect(bytes.decodeUtf8(bytes.encodeUtf8("\uFEFFПривет 🙂"))).toBe("\uFEFFПривет 🙂");
    // Overlong, a surrogate, beyond Unicode, cut.
    for (const hex of ["c080", "eda080", "f4908080", "d0"]) {
      expect(() => bytes.decodeUtf8(bytes.fromHex(hex)), hex).toThrow(TypeError);
    }
    expect(() => bytes.encodeUtf8("\ud800")).toThrow(TypeError);
  });
});

describe("comparing and wiping", () => {
  it("tells equal from different", () => {
    expect(bytes.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(bytes.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(bytes.equal(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });

  it("knows zeros and makes them", () => {
    const array = Uint8Array.of(0, 0, 1);
    expect(bytes.isZero(array)).toBe(false);
    bytes.wipe(array);
    expect(bytes.isZero(array)).toBe(true);
  });
});
