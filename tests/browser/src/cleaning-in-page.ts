// Runs the very script that cleans files, as the relay serves it, in a page of the relay's.

import { readdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { pageDirectory } from "./paths.ts";

/** What became of a file: the code of a refusal, or what would be sent, in base64. */
export type Outcome = { readonly refused: string } | { readonly kind: string; readonly bytes: string };

export async function cleanInPage(page: Page, files: readonly Buffer[]): Promise<readonly Outcome[]> {
  const directory = pageDirectory("client");
  const name = readdirSync(directory).find((file) => /^clean\.[0-9a-f]+\.js$/.test(file));
  if (name === undefined) throw new Error(`no script that cleans files in ${directory}`);
  return await page.evaluate(clean, { name, given: files.map((bytes) => bytes.toString("base64")) });
}

interface Given {
  readonly name: string;
  readonly given: readonly string[];
}

/** In the page, which asks a worker, one file after another. */
async function clean({ name, given }: Given): Promise<Outcome[]> {
  const address = new URL(name, document.baseURI).href;
  const { trustedTypes } = globalThis as unknown as {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
    };
  };
  const policy = trustedTypes?.createPolicy("test", { createScriptURL: (url: string) => url });
  const worker = new Worker(policy?.createScriptURL(address) ?? address);
  const outcomes: Outcome[] = [];
  for (const file of given) {
    const answer = await new Promise<{ problem?: string; cleaned?: { kind: string; bytes: Uint8Array } }>(
      (resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = () => reject(new Error("the worker broke"));
        worker.postMessage(Uint8Array.from(atob(file), (character) => character.charCodeAt(0)));
      },
    );
    if (answer.cleaned === undefined) {
      outcomes.push({ refused: String(answer.problem) });
      continue;
    }
    let text = "";
    for (const byte of answer.cleaned.bytes) text += String.fromCharCode(byte);
    outcomes.push({ kind: answer.cleaned.kind, bytes: btoa(text) });
  }
  return outcomes;
}
