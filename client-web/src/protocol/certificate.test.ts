import { describe, expect, it } from "vitest";
import { concat, encodeUtf8, fromHex } from "./bytes.ts";
import { CertificateError, openCertificate } from "./certificate.ts";
import { LANGUAGES_ALL } from "./languages.ts";
import { AUTHORITY, type CertificateFields, damaged, issueCertificate, NOW, SHIFT_KEY } from "./testing.ts";

function codeOf(bytes: Uint8Array, now = NOW, authority: Uint8Array = AUTHORITY): string {
  try {
    openCertificate(bytes, authority, now);
  } catch (error) {
    return error instanceof CertificateError ? error.code : String(error);
  }
  return "accepted";
}

const codeWith = (changes: Partial<CertificateFields>): string => codeOf(issueCertificate(changes));
const codeWithAlias = (alias: string): string => codeWith({ alias: encodeUtf8(alias) });

describe("a shift certificate", () => {
  it("is read field by field", () => {
    const bytes = issueCertificate({ shiftPublic: SHIFT_KEY, role: 3, languages: 15 });
    expect(bytes).toHaveLength(132);
    expect(openCertificate(bytes, AUTHORITY, NOW)).toEqual({
      shiftPublic: SHIFT_KEY,
      validFrom: NOW - 3600,
      validTo: NOW + 3600,
      role: "doctor",
      languages: 15,
      alias: "Mira",
    });
  });

  it("is refused with any byte damaged", () => {
    for (const { at, bytes } of damaged(issueCertificate())) {
      expect(codeOf(bytes), `byte ${at}`).toBe(at === 0 ? "malformed" : "wrong_authority");
    }
  });

  it("is refused longer, shorter, or under another authority", () => {
    const bytes = issueCertificate();
    expect(codeOf(bytes.subarray(1))).toBe("malformed");
    expect(codeOf(concat(bytes, Uint8Array.of(0)))).toBe("malformed");
    expect(codeOf(bytes, NOW, SHIFT_KEY)).toBe("wrong_authority");
    expect(codeOf(bytes, NOW, new Uint8Array(32))).toBe("wrong_authority");
  });

  it("holds ten minutes around its shift, and not a second longer", () => {
    const bytes = issueCertificate({ validFrom: NOW, validTo: NOW + 3600 });
    expect(codeOf(bytes, NOW - 601)).toBe("not_yet_valid");
    expect(codeOf(bytes, NOW - 600)).toBe("accepted");
    expect(codeOf(bytes, NOW + 3600 + 600)).toBe("accepted");
    expect(codeOf(bytes, NOW + 3600 + 601)).toBe("expired");
    expect(codeOf(bytes, Number.NaN)).toBe("not_yet_valid");
  });

  it("covers a shift of 1 second to 36 hours", () => {
    expect(codeWith({ validFrom: NOW, validTo: NOW + 1 })).toBe("accepted");
    expect(codeWith({ validFrom: NOW, validTo: NOW + 129_600 })).toBe("accepted");
    expect(codeWith({ validFrom: NOW, validTo: NOW })).toBe("malformed");
    expect(codeWith({ validFrom: NOW, validTo: NOW - 1 })).toBe("malformed");
    expect(codeWith({ validFrom: NOW, validTo: NOW + 129_601 })).toBe("malformed");
  });

  it("has a known version, role and languages", () => {
    expect(codeWith({ version: 2 })).toBe("malformed");
    for (const role of [0, 7, 255]) expect(codeWith({ role })).toBe("malformed");
    for (const role of [1, 2, 3, 4, 5, 6]) expect(codeWith({ role })).toBe("accepted");
    for (const languages of [0, 128, 129, 255]) expect(codeWith({ languages })).toBe("malformed");
    for (const languages of [1, 8, LANGUAGES_ALL]) expect(codeWith({ languages })).toBe("accepted");
  });
});

describe("an alias", () => {
  it("has 1 to 24 bytes, then zeros", () => {
    expect(codeWithAlias("М")).toBe("accepted");
    expect(codeWithAlias("a".repeat(24))).toBe("accepted");
    expect(codeWithAlias("Олександра😀")).toBe("accepted");
    expect(codeWithAlias("")).toBe("malformed");
    expect(codeWith({ aliasLength: 25 })).toBe("malformed");
    expect(codeWith({ alias: encodeUtf8("Mira"), aliasLength: 3 })).toBe("malformed");
    expect(codeWith({ alias: encodeUtf8("Mira"), aliasLength: 5 })).toBe("malformed");
  });

  it("is UTF-8", () => {
    for (const hex of ["ff", "c080", "eda080", "d0"])
      expect(codeWith({ alias: fromHex(hex) })).toBe("malformed");
  });

  it("has no control, format or line-separating character", () => {
    const ranges = [
      [0x00, 0x1f],
      [0x7f, 0x9f],
      [0x200b, 0x200f],
      [0x2028, 0x202e],
      [0x2066, 0x2069],
      [0xfeff, 0xfeff],
    ] as const;
    for (const [first, last] of ranges) {
      for (const code of [first, last]) {
        expect(codeWithAlias(`a${String.fromCodePoint(code)}b`), code.toString(16)).toBe("malformed");
      }
    }
    expect(codeWithAlias("\u202EariM")).toBe("malformed");
    expect(codeWithAlias("\uFEFFMira")).toBe("malformed");
  });

  it("has white space inside alone", () => {
    expect(codeWithAlias("Dr Mira")).toBe("accepted");
    for (const alias of [" Mira", "Mira ", "\u00A0Mira", "Mira\u3000", " "]) {
      expect(codeWithAlias(alias)).toBe("malformed");
    }
  });
});
