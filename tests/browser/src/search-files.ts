// Which files of a folder hold a word.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { needlesOf } from "./search.ts";
import { unpacked } from "./unpacked.ts";

/** The files, by their paths within the folder, in which each of the words lies in whatever form; sorted. */
export async function filesWith<Name extends string>(
  folder: string,
  words: Readonly<Record<Name, string>>,
  isSearched: (file: string) => boolean = () => true,
): Promise<Readonly<Record<Name, readonly string[]>>> {
  const wanted = (Object.entries(words) as [Name, string][]).map(
    ([name, word]) => [name, needlesOf(word), new Set<string>()] as const,
  );
  for (const file of await filesBelow(folder)) {
    if (!isSearched(file)) continue;
    const content = await readFile(file).catch(unlessGone);
    for (const bytes of content === undefined ? [] : unpacked(content)) {
      for (const [, needles, found] of wanted) {
        if (needles.some((needle) => bytes.includes(needle.bytes))) found.add(path.relative(folder, file));
      }
    }
  }
  return Object.fromEntries(wanted.map(([name, , found]) => [name, [...found].sort()])) as unknown as Record<
    Name,
    readonly string[]
  >;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessGone)) ?? [];
  const found = entries.map(async (entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return await filesBelow(at);
    return entry.isFile() ? [at] : [];
  });
  return (await Promise.all(found)).flat();
}

/** A browser that runs makes and removes files and folders. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
