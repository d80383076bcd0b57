import { constants, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CleanError } from "./clean.ts";
import { inflate } from "./inflate.ts";

const LIMIT = 1_000_000;

describe("inflate", () => {
  it("unpacks what another program packed, in every way, and says where it ends", () => {
    const strategies = [
      constants.Z_DEFAULT_STRATEGY,
      constants.Z_FIXED,
      constants.Z_HUFFMAN_ONLY,
      constants.Z_RLE,
    ];
    const repeated = fc.tuple(fc.uint8Array({ maxLength: 50 }), fc.integer({ min: 1, max: 900 }));
    fc.assert(
      fc.property(
        repeated,
        fc.constantFrom(...strategies),
        fc.nat(9),
        fc.uint8Array(),
        ([unit, times], strategy, level, rest) => {
          const plain = Buffer.concat(
            Array.from({ length: times }, (_, i) => (i % 7 ? unit : unit.slice(i % 5))),
          );
          const packed = deflateSync(plain, { level, strategy });
          const { bytes, used, isCut } = inflate(Buffer.concat([packed, rest]), LIMIT);
          expect(Buffer.from(bytes).equals(plain)).toBe(true);
          expect([used, isCut]).toEqual([packed.length, false]);
        },
      ),
    );
  });

  it("stops at the limit", () => {
    for (const level of [0, 9]) {
      const packed = deflateSync(new Uint8Array(5000).fill(7), { level });
      for (const limit of [0, 1, 4999]) {
        expect(inflate(packed, limit)).toMatchObject({ bytes: new Uint8Array(limit).fill(7), isCut: true });
      }
      expect(inflate(packed, 5000).isCut).toBe(false);
    }
  });

  it("refuses noise and what is cut", () => {
    const packed = deflateSync(Buffer.from("to be or not to be, that is the question"));
    for (let end = 0; end < packed.length - 4; end += 1) {
      expect(() => inflate(packed.subarray(0, end), LIMIT), String(end)).toThrow(CleanError);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (noise) => {
        try {
          inflate(Buffer.concat([Buffer.from([0x78, 0x9c]), noise]), LIMIT);
        } catch (error) {
          expect(error).toBeInstanceOf(CleanError);
        }
      }),
    );
  });
});
