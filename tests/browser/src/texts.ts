// What the pages are to say, from the same Fluent files: plain one-line messages alone.

import { readFileSync } from "node:fs";
import path from "node:path";
import { localesDirectory } from "./paths.ts";

export type Language = "en" | "ru" | "uk" | "ar";

export const languages: readonly Language[] = ["en", "ru", "uk", "ar"];

export function textOf(page: "client" | "desk", language: Language, id: string): string {
  const lines = readFileSync(path.join(localesDirectory, language, `${page}.ftl`), "utf8").split("\n");
  const found = lines.find((line) => line.startsWith(`${id} = `));
  if (found === undefined) throw new Error(`no one-line text ${id} in ${language}/${page}.ftl`);
  return found.slice(id.length + 3);
}
