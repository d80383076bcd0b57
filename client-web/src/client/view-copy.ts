// Words that a person may want to keep outside of this page.

import { h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { button } from "./view-parts.ts";

/** `select`: what to do where a browser lets no page write to the clipboard. */
export function viewCopy(label: string, words: string, select: () => void, text: Text): HTMLElement {
  const status = h("span", { class: "soft small", role: "status" });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(words);
      status.textContent = text("copied");
    } catch {
      select();
      status.textContent = text("copy-selected");
    }
  };
  return h(
    "div",
    { class: "row" },
    button("copy", label, () => void copy()),
    status,
  );
}
