// Texts in four languages, from Fluent files (locales/LANGUAGE/*.ftl), which ../../fluent.mjs compiles.

export type Language = "en" | "ru" | "uk" | "ar";

export const languages: readonly Language[] = ["en", "ru", "uk", "ar"];

/** Each language's name in itself: never translated, so that everybody finds their own. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: "English",
  ru: "Русский",
  uk: "Українська",
  ar: "العربية",
};

/** Words; a variable; or a variable that chooses among cases, of which one is `other`. */
type Part = string | readonly [variable: string, cases?: Readonly<Record<string, Pattern>>];
type Pattern = string | readonly Part[];
/** What a `.ftl` file holds, by id. */
export type Messages = Readonly<Record<string, Pattern>>;

/** The files of a page, one or several, for each language. */
export type Sources = Readonly<Record<Language, Messages | readonly Messages[]>>;

export type Variables = Readonly<Record<string, string | number>>;

export interface Text {
  /** A missing id or variable throws: a test holds all four languages complete. */
  (id: string, variables?: Variables): string;
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
}

export function createText(language: Language, sources: Sources): Text {
  const messages: Messages = Object.assign({}, ...[sources[language]].flat());
  const text = (id: string, variables: Variables = {}): string => {
    const pattern = messages[id];
    if (pattern === undefined) throw new Error(`no text for ${id} in ${language}`);
    return format(pattern, variables, language);
  };
  return Object.assign(text, { language, direction: directionOf(language) });
}

/** The first language that we have, of those that a browser says its person reads. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split("-")[0];
    const found = languages.find((language) => language === primary);
    if (found) return found;
  }
  return "en";
}

export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
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
