import { describe, expect, it } from "vitest";
import { encodeUtf8, toHex } from "./bytes.ts";
import { hash, hkdf, hmac } from "./hash.ts";
import { label, labelled } from "./labels.ts";

const nothing = new Uint8Array(0);

describe("BLAKE2s", () => {
  it("is that of RFC 7693, appendix B", () => {
    expect(toHex(hash(encodeUtf8("abc")))).toBe(
      "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
    );
  });

  it("carries HMAC and HKDF as their RFCs define them", () => {
    const pad = (byte: number): Uint8Array => new Uint8Array(64).fill(byte);
    const message = encodeUtf8("message");
    const inner = hash(Uint8Array.of(...pad(0x36), ...message));
    expect(hmac(nothing, message)).toEqual(hash(Uint8Array.of(...pad(0x5c), ...inner)));

    const pseudorandomKey = hmac(new Uint8Array(32), message);
    const info = label("export");
    expect(hkdf(nothing, message, info)).toEqual(hmac(pseudorandomKey, Uint8Array.of(...info, 1)));
  });
});

describe("labels", () => {
  it("are ASCII, and a zero byte ends them before fields", () => {
    expect(toHex(label("kem"))).toBe(toHex(encodeUtf8("vestibule/1 kem")));
    expect(toHex(labelled("kem", Uint8Array.of(1), Uint8Array.of(2)))).toBe(`${toHex(label("kem"))}000102`);
  });
});
