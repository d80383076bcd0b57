// Where the product's built parts lie.

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** `cargo build -p vestibule-relay -p vestibule-console` puts them there; VESTIBULE_BIN names another folder. */
const binaries = process.env.VESTIBULE_BIN ?? path.join(root, "target/debug");

export function binary(name: "vestibule" | "vestibule-relay" | "dishonest-relay"): string {
  return existing(path.join(binaries, name), `build it first, into ${binaries}`);
}

/** `node client-web/build.mjs --gallery` puts them there; VESTIBULE_PAGES names another folder. */
const pages = process.env.VESTIBULE_PAGES ?? path.join(root, "client-web/dist");

/** The client's page as one file. */
export function offlineFile(): string {
  return existing(path.join(pages, "offline/notes.html"), "build it first: node client-web/build.mjs");
}

export function pageDirectory(name: "client" | "desk" | "gallery"): string {
  const directory = path.join(pages, name);
  existing(path.join(directory, "index.html"), "build it first: node client-web/build.mjs --gallery");
  return directory;
}

export const clientWebDirectory = path.join(root, "client-web");
/** Files with planted marks: client-web/corpus/make.py. */
export function corpusFile(name: string): string {
  return path.join(clientWebDirectory, "corpus", name);
}

export const localesDirectory = path.join(clientWebDirectory, "locales");
export const goldenConsultation = path.join(root, "protocol/tests/golden/consultation.json");
export const slowLinesPage = path.join(root, "docs/slow-lines.md");
export const outDirectory = path.join(root, "tests/browser/out");
export const heardDirectory = path.join(root, "tests/browser/snapshots/heard");
export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const firefoxPath = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

function existing(file: string, advice: string): string {
  if (!existsSync(file)) throw new Error(`There is no ${file}: ${advice}.`);
  return file;
}
