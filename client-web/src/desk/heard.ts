// When the desk may be heard. Pure: sound.ts makes the tones.

import { type DeskState, hasRoom } from "./model.ts";

export type Tone = "waiting" | "message";

/** What of that which has changed is worth a tone; a consultation that is looked at, or muted, is not. */
export function toneFor(before: DeskState, after: DeskState): Tone | null {
  if (!after.tools.sound || after.lock !== null || after.connection !== "connected") return null;
  const known = new Set([
    ...before.waiting.map(({ offer }) => offer),
    ...before.requests.map(({ id }) => id),
  ]);
  const came = [
    ...after.requests.map(({ id }) => id),
    ...(hasRoom(after) ? after.waiting.map(({ offer }) => offer) : []),
  ];
  if (came.some((id) => !known.has(id))) return "waiting";
  return unread(after) > unread(before) ? "message" : null;
}

function unread({ conversations, whispers }: DeskState): number {
  return [...conversations, ...whispers.threads].reduce((sum, it) => sum + it.unread, 0);
}
