import type { Language, Messages } from "./src/shared/text.ts";

type ByLanguage = Promise<{ readonly en: Messages } & Readonly<Record<Language, Messages>>>;

export function clientWords(root: string): ByLanguage;
export function safetyWords(root: string): ByLanguage;
