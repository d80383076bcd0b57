// What the pages are to say, from the same Fluent files: one-line messages without cases.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { LANGUAGES, type Language } from "../../../client-web/src/protocol/languages.ts";
import { localesDirectory } from "./paths.ts";

export type { Language } from "../../../client-web/src/protocol/languages.ts";

const readableIn = (file: string) =>
  LANGUAGES.filter((language) => existsSync(path.join(localesDirectory, language, file)));

/** Those of the client's page. */
export const languages: readonly Language[] = readableIn("client.ftl");

/** Those of the desk. */
export const deskLanguages: readonly Language[] = readableIn("desk.ftl");

export type Variables = Readonly<Record<string, string>>;

const files = { client: ["client.ftl"], desk: ["desk.ftl", "desk-tools.ftl"] } as const;

/** What a language is called in another. */
export function languageIn(language: Language, named: Language): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(named) ?? named;
}

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
