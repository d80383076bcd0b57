// Texts in any language, from Fluent files (locales/LANGUAGE/*.ftl), which ../../fluent.mjs compiles.

import { factsOf, type Language } from "../protocol/languages.ts";

export type { Language } from "../protocol/languages.ts";

/** Words; a variable; or a variable that chooses among cases, of which one is `other`. */
type Part = string | readonly [variable: string, cases?: Readonly<Record<string, Pattern>>];
type Pattern = string | readonly Part[];
/** What a `.ftl` file holds, by id. */
export type Messages = Readonly<Record<string, Pattern>>;

export type Variables = Readonly<Record<string, string | number>>;

export interface Text {
  /** A missing id or variable throws: tests and the build hold every language complete. */
  (id: string, variables?: Variables): string;
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
}

export function createText(language: Language, messages: Messages): Text {
  const text = (id: string, variables: Variables = {}): string => {
    const pattern = messages[id];
    if (pattern === undefined) throw new Error(`no text for ${id} in ${language}`);
    return format(pattern, variables, language);
  };
  return Object.assign(text, { language, direction: factsOf(language).direction });
}

/** The first language that there is, of those that a browser says its person reads. */
export function chooseLanguage(preferred: readonly string[], languages: readonly Language[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = languages.find((language) => language === primary);
    if (found) return found;
  }
  return "en";
}

function format(pattern: Pattern, variables: Variables, language: Language): string {
  if (typeof pattern === "string") return pattern;
  const parts = pattern.map((part) => {
    if (typeof part === "string") return part;
    const [name, cases] = part;
    const value = variables[name];
    if (value === undefined) throw new Error(`no value for the variable ${name}`);
    if (cases !== undefined) return format(choose(cases, value, language), variables, language);
    const shown = typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
    // As Fluent does it: isolation marks keep a Latin name or a number from turning an Arabic sentence around.
    return pattern.length === 1 ? shown : `\u2068${shown}\u2069`;
  });
  return parts.join("");
}

function choose(
  cases: Readonly<Record<string, Pattern>>,
  value: string | number,
  language: Language,
): Pattern {
  const category = typeof value === "number" ? new Intl.PluralRules(language).select(value) : value;
  const chosen = cases[String(value)] ?? cases[category] ?? cases.other;
  if (chosen === undefined) throw new Error(`no case for ${value}`);
  return chosen;
}
