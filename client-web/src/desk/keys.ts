// What the keyboard asks for. By the key's place, not by its letter: the same with every layout. Pure.

export const LETTERS = {
  KeyA: "accept_first",
  KeyN: "next_unread",
  KeyJ: "write",
  KeyR: "replies",
  KeyC: "cards",
  KeyE: "script",
  KeyM: "more",
  KeyW: "whispers",
  KeyH: "hand_over",
  KeyX: "end",
  KeyL: "lock",
  KeyP: "panic",
  KeyK: "help",
  KeyS: "shift",
  Digit0: "waiting",
} as const;

export type Command =
  | { readonly type: (typeof LETTERS)[keyof typeof LETTERS] }
  /** Counted from zero, in the order of the columns. */
  | { readonly type: "consultation"; readonly at: number };

export type Pressed = Pick<KeyboardEvent, "altKey" | "code" | "ctrlKey" | "metaKey" | "shiftKey">;

/** Null for what belongs to the browser, or to the text that is being written. */
export function commandOf(pressed: Pressed): Command | null {
  const { altKey, code, ctrlKey, metaKey, shiftKey } = pressed;
  // The right Alt of many layouts comes with Ctrl and writes letters.
  if (!altKey || ctrlKey || metaKey || shiftKey) return null;
  const digit = /^(?:Digit|Numpad)([1-8])$/.exec(code)?.[1];
  if (digit !== undefined) return { type: "consultation", at: Number(digit) - 1 };
  const type = isLetter(code) ? LETTERS[code] : undefined;
  return type === undefined ? null : { type };
}

/** As it stands on the key, for the page that explains them. */
export function keyCap(code: keyof typeof LETTERS): string {
  return code.replace(/^(?:Key|Digit)/, "");
}

function isLetter(code: string): code is keyof typeof LETTERS {
  return Object.hasOwn(LETTERS, code);
}
