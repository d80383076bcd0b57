// Fetches the script that cleans files when it is needed, with its integrity, and hands it a file.

import { FILE_MAX_BYTES } from "../protocol/file.ts";
import type { cleanFile } from "./clean/clean.ts";
import type { CleanOutcome } from "./file.ts";

/** Put in by the build: where that script is, and its hash. */
declare const CLEANING: { readonly src: string; readonly integrity: string };

interface Cleaning {
  readonly cleanFile: typeof cleanFile;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
}

let cleaning: Promise<Cleaning | undefined> | undefined;

export async function clean(file: Blob): Promise<CleanOutcome> {
  // Before it is read: the device may not have so much memory.
  if (file.size > FILE_MAX_BYTES) return { problem: "too_large" };
  cleaning ??= load();
  const script = await cleaning;
  if (script === undefined) {
    cleaning = undefined;
    return { problem: "script_missing" };
  }
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return { problem: "unreadable" };
  try {
    return { cleaned: await script.cleanFile(new Uint8Array(bytes)) };
  } catch (error) {
    return { problem: codeOf(error) };
  } finally {
    new Uint8Array(bytes).fill(0);
  }
}

/** As an element, since `import()` alone would take the script without looking at its integrity. */
function load(): Promise<Cleaning | undefined> {
  const { src, integrity } = CLEANING;
  const address = new URL(src, document.baseURI).href;
  const script = document.createElement("script");
  script.type = "module";
  script.integrity = integrity;
  return new Promise((resolve) => {
    script.onload = () => {
      import(address).then(resolve, () => resolve(undefined));
    };
    script.onerror = () => resolve(undefined);
    script.src = trusted(address);
    document.head.append(script);
  });
}

/** The page's policy wants it said which addresses scripts may come from: this one. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy("cleaning", { createScriptURL: (url) => url });
  return policy?.createScriptURL(address) ?? address;
}

function codeOf(error: unknown): "damaged" {
  const code = (error as { readonly code?: unknown }).code;
  // Its codes are the page's; anything else would be a mistake in it.
  return (typeof code === "string" ? code : "damaged") as "damaged";
}
