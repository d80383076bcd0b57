// Cleans every file of the corpus that can be, into a folder, for look.py.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const corpus = path.dirname(fileURLToPath(import.meta.url));
const [, , target] = process.argv;
const bundle = path.join(target, "clean.mjs");
await build({
  entryPoints: [path.join(corpus, "../src/client/clean/clean.ts")],
  outfile: bundle,
  bundle: true,
  format: "esm",
});
const { cleanFile } = await import(bundle);
for (const { file } of JSON.parse(await readFile(path.join(corpus, "manifest.json"), "utf8"))) {
  const cleaned = await cleanFile(await readFile(path.join(corpus, file))).catch(() => undefined);
  if (cleaned === undefined) continue;
  await mkdir(path.dirname(path.join(target, file)), { recursive: true });
  await writeFile(path.join(target, file), cleaned.bytes);
}
