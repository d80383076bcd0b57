// Runs the very script that cleans files, as the relay serves it, in a page of the relay's.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { pageDirectory } from "./paths.ts";

/** What became of a file: the code of a refusal, or what would be sent, in base64. */
export type Outcome = { readonly refused: string } | { readonly kind: string; readonly bytes: string };

export async function cleanInPage(page: Page, files: readonly Buffer[]): Promise<readonly Outcome[]> {
  const directory = pageDirectory("client");
  const name = readdirSync(directory).find((file) => /^clean\.[0-9a-f]+\.js$/.test(file));
  if (name === undefined) throw new Error(`no script that cleans files in ${directory}`);
  const hash = createHash("sha384").update(readFileSync(path.join(directory, name)));
  const given = files.map((bytes) => bytes.toString("base64"));
  const argument: Given = { name, integrity: `sha384-${hash.digest("base64")}`, given };
  // The tests' own tool has put something in the place of `import()` that the page does not know.
  const source = clean.toString().replaceAll("__vite_ssr_dynamic_import__", "import");
  return await page.evaluate(`(${source})(${JSON.stringify(argument)})`);
}

interface Given {
  readonly name: string;
  readonly integrity: string;
  readonly given: readonly string[];
}

/** In the page. The policy wants scripts with their integrity, so an element brings it, as the page itself does. */
async function clean({ name, integrity, given }: Given): Promise<Outcome[]> {
  const address = new URL(name, document.baseURI).href;
  const { trustedTypes } = globalThis as unknown as {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
    };
  };
  const policy = trustedTypes?.createPolicy("test", { createScriptURL: (url: string) => url });
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.type = "module";
    script.integrity = integrity;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("the script did not come"));
    script.src = policy?.createScriptURL(address) ?? address;
    document.head.append(script);
  });
  const { cleanFile } = await import(address);
  const outcomes: Outcome[] = [];
  for (const file of given) {
    const bytes = Uint8Array.from(atob(file), (character) => character.charCodeAt(0));
    try {
      const cleaned = await cleanFile(bytes);
      let text = "";
      for (const byte of cleaned.bytes) text += String.fromCharCode(byte);
      outcomes.push({ kind: cleaned.kind, bytes: btoa(text) });
    } catch (error) {
      outcomes.push({ refused: String((error as { readonly code?: unknown }).code) });
    }
  }
  return outcomes;
}
