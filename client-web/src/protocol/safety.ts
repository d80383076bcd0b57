// Words that both ends can read to each other. Mirrors docs/protocol.md section 7 ("safety phrase").

import { hkdf } from "./hash.ts";
import { label } from "./labels.ts";
import type { SessionKeys } from "./session-keys.ts";

export const SAFETY_WORDS = 8;
/** How many words there are to choose from. */
export const SAFETY_LIST = 64;

/** Places in the list of words, each 0 to 63, in the order in which they are read. */
export type SafetyPhrase = readonly number[];

export function safetyPhrase({ exportSecret }: SessionKeys, authority: Uint8Array): SafetyPhrase {
  const bytes = hkdf(authority, exportSecret, label("safety phrase"));
  // Three bytes are four words.
  return [0, 3].flatMap((at) => {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    return [18, 12, 6, 0].map((shift) => (bits >> shift) % SAFETY_LIST);
  });
}
