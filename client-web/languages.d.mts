import type { Language, Messages } from "./src/shared/text.ts";

export function clientWords(
  root: string,
): Promise<{ readonly en: Messages } & Readonly<Record<Language, Messages>>>;
