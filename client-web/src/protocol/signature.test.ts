import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { concat, encodeUtf8, fromHex } from "./bytes.ts";
import { verifyStrict } from "./signature.ts";
import { damaged } from "./testing.ts";

const key = new Uint8Array(32).fill(7);
const publicKey = ed25519.getPublicKey(key);
const message = encodeUtf8("message");
const signature = ed25519.sign(message, key);

describe("strict verification", () => {
  it("accepts a signature and refuses every damage to it", () => {
    expect(verifyStrict(signature, message, publicKey)).toBe(true);
    for (const { at, bytes } of damaged(signature)) {
      expect(verifyStrict(bytes, message, publicKey), `byte ${at}`).toBe(false);
    }
  });

  it("refuses an s that is not canonical", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = signature.slice(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) + order;
    const encoded = Uint8Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 0xffn));
    expect(verifyStrict(concat(signature.subarray(0, 32), encoded), message, publicKey)).toBe(false);
  });

  it("refuses keys of small order, under which a signature of zeros would hold", () => {
    for (const hex of ED25519_TORSION_SUBGROUP) {
      const small = fromHex(hex);
      expect(verifyStrict(concat(small, new Uint8Array(32)), message, small), hex).toBe(false);
    }
  });

  it("refuses wrong sizes and what is no point, without an error", () => {
    expect(verifyStrict(signature.subarray(1), message, publicKey)).toBe(false);
    expect(verifyStrict(signature, message, publicKey.subarray(1))).toBe(false);
    expect(verifyStrict(signature, message, new Uint8Array(32).fill(0xff))).toBe(false);
  });
});
