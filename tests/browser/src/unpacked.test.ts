import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpacked } from "./unpacked.ts";

const word = "planted-oxlip";

function holdsWord(bytes: Buffer): boolean {
  return unpacked(bytes).some((it) => it.includes(word));
}

test("a word is found in gzip that begins in the middle and is followed by something else", () => {
  const packed = gzipSync(`before ${word} ${word} after`);
  expect(packed.includes(word)).toBe(false);
  expect(holdsWord(Buffer.concat([Buffer.from("head"), packed]))).toBe(true);
  const followed = Buffer.concat([Buffer.from("head"), packed, Buffer.from("tail, and more of it")]);
  expect(holdsWord(followed)).toBe(true);
});

test("a session file is unpacked: literals, a match that reaches into what it writes, a long length", () => {
  // "ab", then 20 more from 2 back, then the word.
  const block = Buffer.concat([
    Buffer.from([0x2f]),
    Buffer.from("ab"),
    Buffer.from([2, 0, 1, 0xd0]),
    Buffer.from(word),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(22 + word.length);
  const [, content] = unpacked(Buffer.concat([Buffer.from("mozLz40\0"), length, block]));
  expect(content?.toString()).toBe(`${"ab".repeat(11)}${word}`);
});

test("three bytes that only look like gzip are no fault", () => {
  expect(unpacked(Buffer.from([0, 0x1f, 0x8b, 0x08, 1, 2, 3]))).toHaveLength(1);
});
