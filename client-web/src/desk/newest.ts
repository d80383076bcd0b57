// How much of a long consultation is laid out. The state keeps every message until the end; a browser that has to lay
// out eight whole days at each key is slow, so the page shows the newest, and earlier ones when they are asked for.

import type { Conversation } from "./model.ts";

/** The newest messages, and how many more come with each press for earlier ones. */
export const LAID_OUT = 40;

type Read = Pick<Conversation, "messages" | "laidOutFrom">;

/** The place of the first message that is laid out. */
export function laidOutFrom({ messages, laidOutFrom }: Read): number {
  return laidOutFrom ?? newestFrom({ messages });
}

/** The place of the first of the newest. */
export function newestFrom({ messages }: Pick<Read, "messages">): number {
  return Math.max(0, messages.length - LAID_OUT);
}

export function withEarlier<Of extends Read>(it: Of): Of {
  return { ...it, laidOutFrom: Math.max(0, laidOutFrom(it) - LAID_OUT) };
}

/** What somebody reads must not go from under their eyes because something new was said below. */
export function withPlaceKept<Of extends Read>(it: Of): Of {
  return { ...it, laidOutFrom: laidOutFrom(it) };
}

export function withNewest<Of extends Read>(it: Of): Of {
  return it.laidOutFrom === null ? it : { ...it, laidOutFrom: null };
}
