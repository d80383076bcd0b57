// On a narrow screen: one thing at a time, and what is new elsewhere. A wide screen hides it.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import type { DeskState } from "./state.ts";
import { dangerSign, mark } from "./view-parts.ts";

export function viewSwitcher(state: DeskState, text: Text): Child {
  if (state.conversations.length === 0) return null;
  const danger = state.waiting.some((entry) => entry.subject === "danger");
  return h(
    "nav",
    { class: "desk-switcher", "aria-label": text("switcher"), "data-key": "switcher" },
    viewTab(state, null, [
      mark(state.waiting.length, text("waiting-count", { count: state.waiting.length }), text),
      danger && dangerSign(),
      text("waiting"),
    ]),
    state.conversations.map((it) =>
      viewTab(state, it.consultation.id, [
        mark(it.unread, text("unread-count", { count: it.unread }), text),
        it.consultation.subject === "danger" && dangerSign(),
        text(`subject-${it.consultation.subject}`),
        " ",
        h("span", { class: "soft" }, text(`language-${it.consultation.language}`)),
      ]),
    ),
  );
}

function viewTab(state: DeskState, id: number | null, children: readonly Child[]): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: "desk-tab",
      "aria-current": state.selected === id ? "true" : "false",
      "data-action": "select",
      "data-key": id === null ? "waiting" : `consultation ${id}`,
      "data-pane": id ?? "",
      "data-test": "tab",
    },
    children,
  );
}
