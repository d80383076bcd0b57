// What the pages are to say, from the same Fluent files: one-line messages without cases.

import { readFileSync } from "node:fs";
import path from "node:path";
import { localesDirectory } from "./paths.ts";

export type Language = "en" | "ru" | "uk" | "ar";

export const languages: readonly Language[] = ["en", "ru", "uk", "ar"];

export type Variables = Readonly<Record<string, string>>;

const files = { client: ["client.ftl"], desk: ["desk.ftl", "desk-tools.ftl"] } as const;

export function textOf(
  page: "client" | "desk",
  language: Language,
  id: string,
  variables: Variables = {},
): string {
  const lines = files[page].flatMap((file) =>
    readFileSync(path.join(localesDirectory, language, file), "utf8").split("\n"),
  );
  const found = lines.find((line) => line.startsWith(`${id} = `));
  if (found === undefined) throw new Error(`no one-line text ${id} in ${language}/${page}.ftl`);
  const pattern = found.slice(id.length + 3);
  return pattern.replace(/\{ \$(\w+) \}/g, (placeable, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`no value for ${name} in ${id}`);
    // Isolation marks keep a name of another script from turning the sentence around.
    return placeable === pattern ? value : `\u2068${value}\u2069`;
  });
}
