// Where the words of the page are: the build puts in the names and hashes of the files.

import type { Language, Messages } from "../shared/text.ts";
import { download } from "./service.ts";

/** In the order of the list of languages. */
declare const WORDS: Readonly<Record<Language, readonly [file: string, integrity: string]>>;

/** The languages that this page can be read in. */
export const readable: readonly Language[] = Object.keys(WORDS);

export async function fetchWords(language: Language): Promise<Messages | undefined> {
  const [file, integrity] = WORDS[language] ?? [];
  if (file === undefined || integrity === undefined) return undefined;
  // The browser gives out no byte of a file that is another than the page was built with.
  const bytes = await download(new URL(file, document.baseURI).href, { integrity });
  return typeof bytes === "string" ? undefined : JSON.parse(new TextDecoder().decode(bytes));
}
