// On a narrow screen: one thing at a time, and what is new elsewhere. A wide screen hides it until there are many.

import { type Child, h } from "../shared/dom.ts";
import type { Text } from "../shared/text.ts";
import { figure, languageIn } from "./format.ts";
import { type DeskState, hasWords, onDuty } from "./model.ts";
import { unanswered, unreadWhispers } from "./state.ts";
import { dangerSign, mark } from "./view-parts.ts";

/** From so many on, a wide screen shows it too: not all of them fit side by side. */
const MANY = 4;

export function viewSwitcher(state: DeskState, text: Text): Child {
  const { conversations, whispers } = state;
  const hasColleagues =
    whispers.open || onDuty(state).length > 0 || whispers.threads.some((it) => hasWords(it));
  if (conversations.length === 0 && !hasColleagues) return null;
  return h(
    "nav",
    {
      class: "desk-switcher",
      "aria-label": text("switcher"),
      "data-key": "switcher",
      "data-many": conversations.length >= MANY,
    },
    viewWaitingTab(state, text),
    hasColleagues && viewWhispersTab(state, text),
    conversations.map((it, index) =>
      viewTab(state, it.consultation.id, [
        h("span", { class: "desk-place", "aria-hidden": "true" }, figure(text.language, index + 1)),
        mark(it.unread, text("unread-count", { count: it.unread }), text),
        it.consultation.subject === "danger" && dangerSign(),
        text(`subject-${it.consultation.subject}`),
        " ",
        h("span", { class: "soft" }, languageIn(text.language, it.consultation.language)),
      ]),
    ),
  );
}

function viewWaitingTab(state: DeskState, text: Text): HTMLElement {
  const { waiting, requests } = state;
  const asked = unanswered(state);
  const danger = [...waiting, ...requests].some((entry) => entry.subject === "danger");
  return viewTab(state, null, [
    mark(waiting.length, text("waiting-count", { count: waiting.length }), text),
    asked > 0 &&
      h("span", { class: "desk-among" }, mark(asked, text("requests-count", { count: asked }), text)),
    danger && dangerSign(),
    text("waiting"),
  ]);
}

function viewWhispersTab(state: DeskState, text: Text): HTMLElement {
  const unread = unreadWhispers(state);
  return h(
    "button",
    {
      type: "button",
      class: "desk-tab desk-among",
      "aria-current": state.whispers.open ? "true" : "false",
      "data-action": "open_whispers",
      "data-key": "whispers",
      "data-test": "whispers-tab",
    },
    mark(unread, text("whispers-count", { count: unread }), text),
    text("whispers-tab"),
  );
}

function viewTab(state: DeskState, id: number | null, children: readonly Child[]): HTMLElement {
  const current = state.selected === id && !state.whispers.open;
  return h(
    "button",
    {
      type: "button",
      class: "desk-tab",
      "aria-current": current ? "true" : "false",
      "data-action": "turn",
      "data-key": id === null ? "waiting" : `consultation ${id}`,
      "data-pane": id ?? "",
      "data-test": "tab",
    },
    children,
  );
}
