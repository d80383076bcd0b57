// Builds the two pages into dist/client and dist/desk (with --gallery, also dist/gallery).
// The same sources give the same bytes.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { fluentForEsbuild } from "./fluent.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));
const icon = "src/shared/icon.svg";

const pages = [
  {
    name: "client",
    html: "index.html",
    script: "src/client/main.ts",
    style: "src/client/client.css",
    unscripted: "src/client/unscripted.css",
    compressed: true,
    cleaning: "src/client/clean/worker.ts",
    recording: "src/client/voice/worklet.ts",
  },
  { name: "desk", html: "desk.html", script: "src/desk/main.ts", style: "src/desk/desk.css" },
];
if (process.argv.includes("--gallery")) {
  pages.push({
    name: "gallery",
    html: "index.html",
    script: "src/client/gallery.ts",
    style: "src/client/client.css",
    unscripted: "src/client/unscripted.css",
  });
  pages.push({
    name: "gallery/desk",
    html: "desk.html",
    script: "src/desk/gallery.ts",
    style: "src/desk/desk.css",
  });
}

async function buildPage({ name, html, script, style, unscripted, cleaning, recording, compressed = false }) {
  const missing = [html, script, style, unscripted, cleaning, recording]
    .filter(Boolean)
    .filter((file) => !existsSync(path.join(root, file)));
  if (missing.length > 0) {
    say(`dist/${name} was not built, because there is no ${missing.join(", ")} yet.`);
    return;
  }
  const directory = path.join(root, "dist", name);
  // Fetched only by who chooses a file: the page's script knows its name. Browsers check no integrity of workers.
  const cleaningBytes = cleaning && (await bundle(cleaning, { format: "iife" }));
  const cleaningName = cleaning && `clean.${shortHash(cleaningBytes)}.js`;
  // Nor of worklets; this one is fetched only by who records.
  const recordingBytes = recording && (await bundle(recording));
  const recordingName = recording && `voice.${shortHash(recordingBytes)}.js`;
  const scriptBytes = await bundle(script, {
    define: { CLEANING: JSON.stringify(cleaningName ?? ""), RECORDING: JSON.stringify(recordingName ?? "") },
  });
  const scriptName = `app.${shortHash(scriptBytes)}.js`;
  let page = replaceOnce(
    await readFile(path.join(root, html), "utf8"),
    '<script type="module" src="app.js"></script>',
    `<script type="module" src="${scriptName}" integrity="${integrity(scriptBytes)}"></script>`,
  );
  const files = { [scriptName]: scriptBytes, "icon.svg": await readFile(path.join(root, icon)) };
  if (cleaning) files[cleaningName] = cleaningBytes;
  if (recording) files[recordingName] = recordingBytes;
  for (const [as, entry] of Object.entries({ style, ...(unscripted && { unscripted }) })) {
    const bytes = await bundle(entry);
    const file = `${as}.${shortHash(bytes)}.css`;
    page = replaceOnce(
      page,
      `<link rel="stylesheet" href="${as}.css">`,
      `<link rel="stylesheet" href="${file}" integrity="${integrity(bytes)}">`,
    );
    files[file] = bytes;
  }
  files["index.html"] = Buffer.from(page);
  report(name, files);
  if (compressed) Object.assign(files, compress(files));
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const [file, bytes] of Object.entries(files)) await writeFile(path.join(directory, file), bytes);
  await writeFile(path.join(directory, "manifest.json"), manifest(files));
}

/** The oldest browsers with private class members; older ones would need a heavier and slower script. */
const target = ["chrome84", "firefox90", "safari15"];

async function bundle(entry, options = {}) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
    target,
    charset: "utf8",
    legalComments: "none",
    plugins: [fluentForEsbuild],
    ...options,
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

/** Beside each file the same in fewer bytes, as the relay sends it to whoever takes it (brotli over TLS alone). */
function compress(files) {
  const encoded = Object.entries(files).flatMap(([file, bytes]) => [
    [`${file}.br`, brotliCompressSync(bytes)],
    [`${file}.gz`, gzipSync(bytes, { level: 9 })],
  ]);
  return Object.fromEntries(
    encoded.filter(([file, bytes]) => bytes.length < files[file.slice(0, -3)].length),
  );
}

/** What an auditor or the service's signature compares: SHA-256 of every other file. */
function manifest(files) {
  const hashes = Object.keys(files)
    .sort()
    .map((file) => [file, createHash("sha256").update(files[file]).digest("hex")]);
  return `${JSON.stringify({ version: 1, sha256: Object.fromEntries(hashes) }, null, 2)}\n`;
}

function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`expected exactly one ${from}`);
  return text.replace(from, () => to);
}

function shortHash(bytes) {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

function integrity(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

function report(name, files) {
  const weights = Object.entries(files).map(([file, bytes]) => [file, brotliCompressSync(bytes).length]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  say(
    `dist/${name}: ${weights.map(([file, weight]) => `${file} ${weight}`).join(", ")}; ${total} in all (brotli).`,
  );
}

function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}

for (const page of pages) await buildPage(page);
