// The languages that there are, from the list that both implementations read. Mirrors docs/protocol.md section 2.

import list from "../../../protocol/wire/src/languages.json";

/** As in the list: ISO 639-1. */
export type Language = string;

interface Listed {
  readonly code: Language;
  /** One bit of a certificate's set of languages. */
  readonly byte: number;
  readonly direction: "ltr" | "rtl";
  /** What is shown to who reads this one, where nothing has been written in it. */
  readonly instead: Language;
  /** In itself: never translated, so that everybody finds their own. */
  readonly name: string;
}

const LISTED = list as readonly Listed[];

export const LANGUAGES: readonly Language[] = LISTED.map(({ code }) => code);

/** A set of all of them. */
export const LANGUAGES_ALL = LISTED.reduce((set, { byte }) => set | byte, 0);

export function isLanguage(code: unknown): code is Language {
  return LISTED.some((listed) => listed.code === code);
}

export function isLanguageByte(byte: number): boolean {
  return LISTED.some((listed) => listed.byte === byte);
}

export function factsOf(language: Language): Listed {
  const found = LISTED.find(({ code }) => code === language);
  if (found === undefined) throw new Error(`${language} is not in the list of languages`);
  return found;
}

/** What somebody may read who reads a language: words in it, or else in those that stand in for it. */
export function readInTurn(language: Language): readonly Language[] {
  return [...new Set([language, factsOf(language).instead, "en"])];
}

/** The same, and at last words in any language. */
export function inTurn(language: Language): readonly Language[] {
  return [...new Set([...readInTurn(language), ...LANGUAGES])];
}
