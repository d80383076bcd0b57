// Has a file cleaned by a script of its own, in a worker. Where the page is served, it is fetched when a file is chosen,
// and not before.

import { FILE_MAX_BYTES } from "../protocol/file.ts";
import type { WorkerAnswer } from "./clean/worker-answer.ts";
import type { CleanOutcome } from "./file.ts";

/** Put in by the build: where that script is; or, in a page that is one file, what it is. */
declare const CLEANING: string;
declare const CLEANING_SOURCE: string;

interface Policy {
  createScriptURL(address: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

export async function clean(file: Blob): Promise<CleanOutcome> {
  // Before it is read: the device may not have so much memory.
  if (file.size > FILE_MAX_BYTES) return { problem: "too_large" };
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return { problem: "unreadable" };
  const address = scriptAddress();
  const worker = new Worker(trusted(address));
  const answer = await new Promise<CleanOutcome>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => resolve(data);
    // It did not come, or has run out of memory.
    worker.onerror = () => resolve({ problem: "script_missing" });
    worker.postMessage(new Uint8Array(bytes), [bytes]);
  });
  worker.terminate();
  URL.revokeObjectURL(address);
  return answer;
}

function scriptAddress(): string {
  if (CLEANING_SOURCE === "") return new URL(CLEANING, document.baseURI).href;
  return URL.createObjectURL(new Blob([CLEANING_SOURCE], { type: "text/javascript" }));
}

/** The page's policy wants it said which addresses scripts may come from: this one. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy("cleaning", { createScriptURL: (url) => url });
  return policy?.createScriptURL(address) ?? address;
}
