// What the worker writes, before it is sent: how much of it there may be, and as what it travels.

/** To the client, in one message. */
export const TEXT_BYTES_MAX = 40_000;
/** To a colleague, in one whisper. */
export const WHISPER_BYTES_MAX = 4_000;
/** What a colleague reads before taking a consultation over. */
export const SUMMARY_BYTES_MAX = 2_000;

/** Whether a text may be sent. The console takes messages in which it fits, however many escapes it has. */
export function fits(text: string, bytesMax: number): boolean {
  // One unit of UTF-16 is at most three bytes of UTF-8: short texts need no counting.
  return text.length <= bytesMax / 3 || byteLength(text) <= bytesMax;
}

/** A text as it travels: without the empty lines around it. */
export function textToSend(draft: string): string {
  return wellFormed(draft.trim());
}

/**
 * Half a surrogate pair, which some keyboards leave behind, has no UTF-8 and would make the console refuse the
 * whole message.
 */
export function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** From this share of the room on the worker is told how much is left. */
const SCARCE_FROM = 0.8;

export interface Room {
  /** Characters like those of the text so far: less than none when there are too many. */
  readonly characters: number;
  readonly isScarce: boolean;
}

/** How much can still be written. A letter is one byte in English and two in the other three languages. */
export function roomIn(text: string, bytesMax: number): Room {
  const used = byteLength(text);
  const perCharacter = text.length === 0 ? 1 : used / text.length;
  return {
    characters: Math.floor((bytesMax - used) / perCharacter),
    isScarce: used > bytesMax * SCARCE_FROM,
  };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
