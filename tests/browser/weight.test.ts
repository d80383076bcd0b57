// What a browser fetches until a first word can be typed, for a reader of any language (docs/decisions/0025).

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { pageDirectory } from "./src/paths.ts";

const BROTLI_BYTES_MAX = 75_000;
/** Fetched by who sends a file or a voice note. */
const LATER = /^(?:clean|voice)\./;
const NOT_FETCHED = /^manifest\.json$|\.(?:br|gz)$/;

test("the page is not heavier than was decided", async () => {
  const folder = pageDirectory("client");
  const names = (await readdir(folder)).filter((name) => !NOT_FETCHED.test(name) && !LATER.test(name));
  const weigh = async (name: string) => brotliCompressSync(await readFile(path.join(folder, name))).length;
  const words = names.filter((name) => name.startsWith("words."));
  expect(words.length).toBeGreaterThan(4);
  const heaviest = Math.max(...(await Promise.all(words.map(weigh))));
  const others = await Promise.all(names.filter((name) => !words.includes(name)).map(weigh));
  const sum = others.reduce((total, one) => total + one, heaviest);
  console.log(`the page weighs ${sum} bytes (brotli) before a first word`);
  expect(sum).toBeGreaterThan(heaviest);
  expect(sum).toBeLessThan(BROTLI_BYTES_MAX);
});
