// Small pieces that several views share.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { figure } from "./format.ts";

/** Between two facts on one line. Its spaces are where the line may break. */
export function separator(): Child {
  return h("span", { "aria-hidden": "true" }, " · ");
}

/** A sign besides the colour; the words beside it say the same. */
export function dangerSign(): HTMLElement {
  return h("span", { class: "desk-danger-sign", "aria-hidden": "true" }, "!");
}

/** A figure to see, with words to hear; nothing for zero. */
export function mark(count: number, words: string, text: Text): Child {
  if (count === 0) return null;
  return h(
    "span",
    { class: "desk-mark" },
    h("span", { "aria-hidden": "true" }, figure(text.language, count)),
    h("span", { class: "visually-hidden" }, words),
  );
}
