// The search itself must find what it looks for, or the recording tests prove nothing.

import { expect, test } from "vitest";
import { needlesOf } from "./search.ts";

const word = "кошка plumbago 🦔";
const finds = (bytes: Buffer) => needlesOf(word).some((needle) => bytes.includes(needle.bytes));

test("a word is found wherever it begins in base64", () => {
  for (const before of ["", "a", "ab", "abc"]) {
    for (const after of ["", "z", "yz"]) {
      const bytes = Buffer.from(before + word + after);
      for (const alphabet of ["base64", "base64url", "hex"] as const) {
        expect(finds(Buffer.from(bytes.toString(alphabet)))).toBe(true);
      }
    }
  }
});

test("a word is found in the other forms, and not where it is not", () => {
  expect(finds(Buffer.from(`x${word}y`))).toBe(true);
  expect(finds(Buffer.from(word, "utf16le"))).toBe(true);
  expect(finds(Buffer.from(`{"a":"\\u043a\\u043e\\u0448\\u043a\\u0430 plumbago \\ud83e\\udd94"}`))).toBe(
    true,
  );
  expect(finds(Buffer.from(encodeURIComponent(word)))).toBe(true);
  expect(finds(Buffer.from("кошка plumbag 🦔"))).toBe(false);
});
