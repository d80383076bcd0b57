// Builds the two pages into dist/client and dist/desk, and the client's as one file into dist/offline (with --gallery,
// also dist/gallery).
// The same sources give the same bytes.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { fluentForEsbuild } from "./fluent.mjs";
import { clientWords, safetyWords, unscriptedParts } from "./languages.mjs";
import { oneFile, replaceOnce } from "./one-file.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));
const icon = "src/shared/icon.svg";
const words = await clientWords(root);
const phrases = await safetyWords(root);

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
  // Only the page that has words of its own: the script knows the names and the hashes of their files.
  const wordFiles = unscripted ? filesOfWords() : [];
  const known = wordFiles.map(({ language, file, bytes }) => [
    language,
    { file, integrity: integrity(bytes) },
  ]);
  const define = defined({
    cleaningAddress: cleaningName,
    recordingAddress: recordingName,
    words: Object.fromEntries(known),
  });
  const scriptBytes = await bundle(script, { define });
  const scriptName = `app.${shortHash(scriptBytes)}.js`;
  let page = replaceOnce(
    await htmlOf(html, "address"),
    '<script type="module" src="app.js"></script>',
    () => `<script type="module" src="${scriptName}" integrity="${integrity(scriptBytes)}"></script>`,
  );
  const files = { [scriptName]: scriptBytes, "icon.svg": await readFile(path.join(root, icon)) };
  for (const { file, bytes } of wordFiles) files[file] = bytes;
  if (cleaning) files[cleaningName] = cleaningBytes;
  if (recording) files[recordingName] = recordingBytes;
  for (const [as, entry] of Object.entries({ style, ...(unscripted && { unscripted }) })) {
    const bytes = await bundle(entry);
    const file = `${as}.${shortHash(bytes)}.css`;
    page = replaceOnce(
      page,
      `<link rel="stylesheet" href="${as}.css">`,
      () => `<link rel="stylesheet" href="${file}" integrity="${integrity(bytes)}">`,
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

/** Named as neutrally as its title: it lies among a person's downloads. */
async function buildOneFile() {
  const text = async (entry, options) => (await bundle(entry, options)).toString("utf8");
  const within = Object.entries(words).map(([language, messages]) => [language, { messages }]);
  const define = defined({
    cleaningSource: await text("src/client/clean/worker.ts", { format: "iife" }),
    words: Object.fromEntries(within),
  });
  const page = oneFile(await htmlOf("index.html", "file"), {
    script: await text("src/client/main-offline.ts", { define }),
    style: await text("src/client/client.css"),
    unscripted: await text("src/client/unscripted.css"),
    icon: await readFile(path.join(root, icon)),
  });
  const directory = path.join(root, "dist/offline");
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "notes.html"), page);
  say(`dist/offline: notes.html ${Buffer.byteLength(page)} bytes.`);
}

/** What stands in a page before its script has words, for one that has an `address` or is a `file`. */
async function htmlOf(html, kind) {
  const page = await readFile(path.join(root, html), "utf8");
  if (html !== "index.html") return page;
  const { exits, sections } = await unscriptedParts(root, words, kind);
  const withExits = replaceOnce(page, "<span>Quick exit</span>", () => `<span>${exits}</span>`);
  return replaceOnce(withExits, "<!-- sections -->\n", () => sections);
}

/** What scripts get from the build: where those are that clean files (or what it is) and that record, and words. */
function defined({ cleaningAddress = "", cleaningSource = "", recordingAddress = "", words }) {
  const constants = {
    CLEANING: cleaningAddress,
    CLEANING_SOURCE: cleaningSource,
    RECORDING: recordingAddress,
    WORDS: words,
    PHRASES: phrases,
  };
  return Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]));
}

function filesOfWords() {
  return Object.entries(words).map(([language, messages]) => {
    const bytes = Buffer.from(JSON.stringify(messages));
    return { language, file: `words.${language}.${shortHash(bytes)}.json`, bytes };
  });
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
await buildOneFile();
