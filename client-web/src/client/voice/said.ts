// What the page and the worklet that records say to each other.

import type { Recorded } from "./note.ts";

export const ASKED = { finish: "finish", forget: "forget" } as const;

/** How many whole seconds there are, or all of it; then nothing follows. */
export type Said = { readonly seconds: number } | { readonly recorded: Recorded };
