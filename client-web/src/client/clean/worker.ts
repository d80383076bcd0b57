// Cleans one file beside the page, which goes on meanwhile: words, the line, and a quick exit at any moment. Whoever
// is done with it ends it, and all that it held is gone.

import { CleanError, cleanFile } from "./clean.ts";
import type { WorkerAnswer } from "./worker-answer.ts";

/** Of a worker; the page's own types do not know it. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Uint8Array>) => void;
  postMessage(answer: WorkerAnswer, transfer: readonly ArrayBuffer[]): void;
};

scope.onmessage = async ({ data }) => {
  try {
    const cleaned = await cleanFile(data);
    scope.postMessage({ cleaned }, [cleaned.bytes.buffer]);
  } catch (error) {
    // Anything else would be a mistake of ours: the person is to hear that it did not work, and nothing is sent.
    scope.postMessage({ problem: error instanceof CleanError ? error.code : "damaged" }, []);
  }
};
