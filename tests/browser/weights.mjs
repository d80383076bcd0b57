// What a page weighs before its first word: ours as it is built, file by file, and beside it what other chats would
// load, from their npm packages. `npm run weights` writes the table of docs/slow-lines.md anew.

import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const pageOfTable = path.join(root, "docs/slow-lines.md");
const clientPage = path.join(root, "client-web/dist/client");
/** The pages' own bundler. */
const { build } = createRequire(path.join(root, "client-web/package.json"))("esbuild");

/** The line of `npm run slow`. */
const SLOW_BITS_PER_SECOND = 50_000;

const [BEGIN, END] = ["<!-- weights: begin -->\n", "<!-- weights: end -->"];

/** `files` as the package has them; `bundle`: what it exports, bundled and minified by us. */
const others = [
  {
    name: "converse.js, in front of an XMPP server",
    version: "converse.js@14.0.0",
    files: ["dist/converse.min.js", "dist/converse.min.css"],
  },
  { name: "hydrogen-view-sdk, a small Matrix client", version: "hydrogen-view-sdk@0.3.1", bundle: true },
  {
    name: "matrix-sdk-crypto-wasm, what Matrix encrypts with",
    version: "@matrix-org/matrix-sdk-crypto-wasm@18.9.0",
    files: ["pkg/matrix_sdk_crypto_wasm_bg.wasm", "pkg/matrix_sdk_crypto_wasm_bg.js"],
  },
  { name: "simplex-js, the SimpleX protocol without a page", version: "simplex-js@1.0.0", bundle: true },
  {
    name: "openpgp, what Hush Line encrypts with",
    version: "openpgp@6.3.2",
    files: ["dist/openpgp.min.mjs"],
  },
];

function row(name, files) {
  const sum = (weigh) => files.reduce((total, bytes) => total + weigh(bytes), 0).toLocaleString("en");
  const [bytes, gzip] = [(one) => one.length, (one) => gzipSync(one).length].map(sum);
  const brotli = files.reduce((total, one) => total + brotliCompressSync(one).length, 0);
  const seconds = ((brotli * 8) / SLOW_BITS_PER_SECOND).toFixed(1);
  return `| ${[name, bytes, gzip, brotli.toLocaleString("en"), seconds].join(" | ")} |`;
}

async function ours() {
  const isOwn = (name) => name !== "manifest.json" && !/\.(br|gz)$/.test(name);
  const names = (await readdir(clientPage)).filter(isOwn).sort();
  const read = (name) => readFile(path.join(clientPage, name));
  // Fetched by who does this, and by nobody else.
  const whenOf = (name) =>
    Object.entries({ clean: "a file is chosen", voice: "a voice note is recorded" }).find(([script]) =>
      name.startsWith(`${script}.`),
    )?.[1];
  const isLater = (name) => whenOf(name) !== undefined;
  const contents = new Map(await Promise.all(names.map(async (name) => [name, await read(name)])));
  // Of the words a browser fetches one language: the heaviest stands for all.
  const weigh = (name) => brotliCompressSync(contents.get(name)).length;
  const words = names.filter((name) => name.startsWith("words."));
  const heaviest = words.toSorted((a, b) => weigh(b) - weigh(a))[0];
  const first = names.filter((name) => !isLater(name) && (!words.includes(name) || name === heaviest));
  const files = first.map((name) => contents.get(name));
  // The hash in a name changes with every line of the source.
  const plain = (name) => name.replace(/\.[0-9a-f]{16}\./, ".");
  const rows = files.map((bytes, at) => row(`\`${plain(first[at])}\``, [bytes]));
  const later = names.filter(isLater);
  const onDemand = later.map((name) => row(`\`${plain(name)}\`, when ${whenOf(name)}`, [contents.get(name)]));
  return [...rows, row("**all of our page**", files), ...onDemand];
}

async function other({ name, version, files, bundle }, folder) {
  const own = path.join(folder, "node_modules", version.replace(/@[^@]*$/, ""));
  if (!bundle) return row(name, await Promise.all(files.map((file) => readFile(path.join(own, file)))));
  const { outputFiles } = await build({
    stdin: { contents: `export * from "${path.basename(own)}"`, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    // What only Node.js would load.
    external: ["crypto", "path", "fs"],
    write: false,
    logLevel: "error",
  });
  return row(name, [Buffer.from(outputFiles[0].contents)]);
}

const folder = await mkdtemp(path.join(tmpdir(), "vestibule-weights-"));
try {
  const install = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder];
  await promisify(execFile)("npm", [...install, ...others.map(({ version }) => version)]);
  const rows = [...(await ours())];
  for (const one of others) rows.push(await other(one, folder));
  const text = await readFile(pageOfTable, "utf8");
  const [before, after] = [text.split(BEGIN)[0], text.split(END)[1]];
  const head = ["| | bytes | gzip | brotli | seconds at 50 kbit/s |", "|---|--:|--:|--:|--:|"];
  await writeFile(pageOfTable, `${before}${BEGIN}\n${[...head, ...rows].join("\n")}\n\n${END}${after}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
