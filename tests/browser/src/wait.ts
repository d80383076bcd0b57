// Waiting for a condition: looks often, gives up loudly.

import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 25;

/** Asks until the answer is not undefined. */
export async function waitFor<Answer>(
  what: string,
  ask: () => Answer | undefined | Promise<Answer | undefined>,
  timeoutMs = 20_000,
  explain: () => string = () => "",
): Promise<Answer> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) {
      throw new Error(`waited ${timeoutMs} ms for ${what}, in vain\n${explain()}`.trim());
    }
    await sleep(LOOK_EVERY_MS);
  }
}
