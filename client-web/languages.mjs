// Which languages a page is built in: those of the list (protocol/wire/src/languages.json) that have words for it.

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { compileFluent } from "./fluent.mjs";

const LIST = "../protocol/wire/src/languages.json";

/** What the list says of each language whose folder of `locales` has this file, in the order of the list. */
export async function languagesWith(file, root) {
  const list = JSON.parse(await readFile(path.join(root, LIST), "utf8"));
  for (const folder of await readdir(path.join(root, "locales"))) {
    if (!list.some(({ code }) => code === folder)) throw new Error(`locales/${folder} is not in ${LIST}`);
  }
  return list.filter(({ code }) => existsSync(path.join(root, "locales", code, file)));
}

/** The client's words, by language, each with the same ids as in English. */
export async function clientWords(root) {
  const [words, safety] = [await wordsOf("client.ftl", root), await safetyWords(root)];
  return Object.fromEntries(
    Object.entries(words).map(([code, messages]) => [code, { ...messages, ...safety[code] }]),
  );
}

/** The lists of safety words, by language. */
export function safetyWords(root) {
  return wordsOf("phrase.ftl", root);
}

async function wordsOf(name, root) {
  // Every language has all of its files: a missing one is an error, and not a language less.
  const languages = await languagesWith("client.ftl", root);
  const read = languages.map(async ({ code }) => {
    const file = path.join(root, "locales", code, name);
    return [code, compileFluent(await readFile(file, "utf8"), file)];
  });
  const words = Object.fromEntries(await Promise.all(read));
  const ids = Object.keys(words.en).sort().join(" ");
  for (const [code, messages] of Object.entries(words)) {
    if (Object.keys(messages).sort().join(" ") !== ids) {
      throw new Error(`locales/${code}/${name} and the English one do not have the same ids`);
    }
  }
  return words;
}

/**
 * What stands in the page until its script has words: a part for each language, and the way out in all of them. A page
 * with an `address` says what to do with it, and one that is a `file` why its script may not run.
 */
export async function unscriptedParts(root, words, kind) {
  const languages = await languagesWith("client.ftl", root);
  const parts = languages.map(async ({ code, direction }) => {
    const file = path.join(root, "locales", code, "unscripted.html");
    const own = onlyFor(kind, await readFile(file, "utf8"), file);
    const dir = direction === "rtl" ? ' dir="rtl"' : "";
    return `<section lang="${code}"${dir} class="card stack-tight">\n${own}</section>\n`;
  });
  const exits = languages.map(({ code }) => `<bdi lang="${code}">${words[code].exit}</bdi>`);
  return { exits: exits.join(" · "), sections: (await Promise.all(parts)).join("") };
}

const FOR_ONE_KIND = /^ *<li class="of-(address|file)">(.*)<\/li>\n/gm;

function onlyFor(kind, html, file) {
  const kinds = [...html.matchAll(FOR_ONE_KIND)].map(([, of]) => of);
  if (kinds.join(" ") !== "address file") throw new Error(`${file} needs a line of-address and one of-file`);
  return html.replace(FOR_ONE_KIND, (_, of, words) => (of === kind ? `<li>${words}</li>\n` : ""));
}
