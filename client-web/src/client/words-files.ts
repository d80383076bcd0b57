// Where the words of the page are: the build puts in the names and hashes of the files, or, in the page that is one
// file, the words.

import type { Language, Messages } from "../shared/text.ts";
import { download } from "./service.ts";

/** In the order of the list of languages. */
declare const WORDS: Readonly<
  Record<Language, { readonly file: string; readonly integrity: string } | { readonly messages: Messages }>
>;

/** The languages that this page can be read in. */
export const readable: readonly Language[] = Object.keys(WORDS);

export async function fetchWords(language: Language): Promise<Messages | undefined> {
  const words = WORDS[language];
  if (words === undefined) return undefined;
  if ("messages" in words) return words.messages;
  const { file, integrity } = words;
  // The browser gives out no byte of a file that is another than the page was built with.
  const bytes = await download(new URL(file, document.baseURI).href, { integrity });
  return typeof bytes === "string" ? undefined : JSON.parse(new TextDecoder().decode(bytes));
}
