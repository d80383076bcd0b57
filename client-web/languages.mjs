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
  const languages = await languagesWith("client.ftl", root);
  const read = languages.map(async ({ code }) => {
    const file = path.join(root, "locales", code, "client.ftl");
    return [code, compileFluent(await readFile(file, "utf8"), file)];
  });
  const words = Object.fromEntries(await Promise.all(read));
  const ids = Object.keys(words.en).sort().join(" ");
  for (const [code, messages] of Object.entries(words)) {
    if (Object.keys(messages).sort().join(" ") !== ids) {
      throw new Error(`locales/${code}/client.ftl and the English one do not have the same ids`);
    }
  }
  return words;
}

/** What stands in the page until its script has words: a part for each language, and the way out in all of them. */
export async function unscripted(root, words) {
  const languages = await languagesWith("client.ftl", root);
  const parts = languages.map(async ({ code, direction }) => {
    const own = await readFile(path.join(root, "locales", code, "unscripted.html"), "utf8");
    const dir = direction === "rtl" ? ' dir="rtl"' : "";
    return `<section lang="${code}"${dir} class="card stack-tight">\n${own}</section>\n`;
  });
  const exits = languages.map(({ code }) => `<bdi lang="${code}">${words[code].exit}</bdi>`);
  return { exits: exits.join(" · "), sections: (await Promise.all(parts)).join("") };
}
