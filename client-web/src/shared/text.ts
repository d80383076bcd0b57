// Texts in four languages, from Fluent files (locales/LANGUAGE/*.ftl).

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";

export type Language = "en" | "ru" | "uk" | "ar";

export const languages: readonly Language[] = ["en", "ru", "uk", "ar"];

/** Each language's name in itself: never translated, so that everybody finds their own. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: "English",
  ru: "Русский",
  uk: "Українська",
  ar: "العربية",
};

/** `.ftl` sources, one or several, for each language. */
export type Sources = Readonly<Record<Language, string | readonly string[]>>;

export interface Text {
  /** A missing id or variable throws: a test holds all four languages complete. */
  (id: string, variables?: Readonly<Record<string, FluentVariable>>): string;
  readonly language: Language;
  readonly direction: "ltr" | "rtl";
}

export function createText(language: Language, sources: Sources): Text {
  // Isolation marks keep a Latin name or a number from turning an Arabic sentence around.
  const bundle = new FluentBundle(language, { useIsolating: true });
  for (const source of [sources[language]].flat()) {
    const [problem] = bundle.addResource(new FluentResource(source));
    if (problem) throw problem;
  }
  const text = (id: string, variables?: Readonly<Record<string, FluentVariable>>): string => {
    const pattern = bundle.getMessage(id)?.value;
    if (!pattern) throw new Error(`no text for ${id} in ${language}`);
    const problems: Error[] = [];
    const formatted = bundle.formatPattern(pattern, variables ?? null, problems);
    if (problems[0]) throw problems[0];
    return formatted;
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
